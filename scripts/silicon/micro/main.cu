// Microbenchmarks that a system config needs, as JSON items, one a line, grouped by lines "section X".
//
//   micro [--list] [SECTION...]      sections: device latency hbm l2 tma tensor cuda launch weights phases (all when none is
//   named)
//
// A section that fails says so in a line "error ..." and the rest goes on.
#include "measure.hpp"

#include <cstdio>
#include <cstring>

namespace {

struct Section {
    const char* name;
    const char* letter;
    void (*run)();
};
constexpr Section kSections[] = {{"device", "J", micro::device_facts},
                                 {"latency", "A", micro::latencies},
                                 {"hbm", "B", micro::hbm},
                                 {"l2", "C", micro::l2},
                                 {"tma", "D", micro::tma},
                                 {"tensor", "E", micro::tensor_cores},
                                 {"cuda", "F", micro::cuda_cores},
                                 {"launch", "G", micro::kernel_costs},
                                 {"weights", "W", micro::weights},
                                 {"phases", "P", micro::phases_of_kernels}};

bool wanted(const char* name, int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], name) == 0) { return true; }
    }
    return argc == 1;
}

bool run(const Section& s) {
    std::printf("section %s\n", s.letter);
    try {
        s.run();
    } catch (const std::exception& error) {
        std::printf("error %s: %s\n", s.name, error.what());
        return false;
    }
    std::fflush(stdout);
    return cudaGetLastError() == cudaSuccess;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
        for (const Section& s : kSections) { std::printf("%s %s\n", s.letter, s.name); }
        return 0;
    }
    bool fine = true;
    for (const Section& s : kSections) {
        if (wanted(s.name, argc, argv)) { fine = run(s) && fine; }
    }
    return fine ? 0 : 1;
}
