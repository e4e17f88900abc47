// The table of architectures: the whole difference between Tensor Cores is data.
#include "models/numerics/mma.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::numerics {
namespace {

// mma of k = 32 and 16 runs as two halves on Ada and Ampere, so their rows hold the half.
constexpr const char* kOwn = "wgmma on an H200: tests/validation/h200_numerics";
constexpr const char* kMmaSim = "MMA-Sim (github.com/microsoft/MMA-Sim, mmasim/simulator/nv.py); not measured here";
constexpr const char* kIdeal = "by definition: a sum without error, rounded once";

struct Row {
    const char* architecture;
    Format operands;
    int m, k, align_bits, result_bits;
    const char* source;
    bool verified;
};
constexpr Row kTable[] = {
    {"hopper", Format::e4m3, 64, 32, 13, 13, kOwn, true},
    {"hopper", Format::e5m2, 64, 32, 13, 13, kOwn, true},
    {"hopper", Format::bf16, 64, 16, 25, 23, kOwn, true},
    {"hopper", Format::fp16, 64, 16, 25, 23, kOwn, true},
    {"blackwell", Format::e4m3, 64, 32, 25, 23, kMmaSim, false},
    {"blackwell", Format::e5m2, 64, 32, 25, 23, kMmaSim, false},
    {"blackwell", Format::e2m1, 64, 32, 25, 23, kMmaSim, false},
    {"blackwell", Format::bf16, 64, 16, 25, 23, kMmaSim, false},
    {"blackwell", Format::fp16, 64, 16, 25, 23, kMmaSim, false},
    {"ada", Format::e4m3, 16, 16, 13, 13, kMmaSim, false},
    {"ada", Format::e5m2, 16, 16, 13, 13, kMmaSim, false},
    {"ada", Format::bf16, 16, 8, 24, 23, kMmaSim, false},
    {"ada", Format::fp16, 16, 8, 24, 23, kMmaSim, false},
    {"ampere", Format::bf16, 16, 8, 24, 23, kMmaSim, false},
    {"ampere", Format::fp16, 16, 8, 24, 23, kMmaSim, false},
    {"turing", Format::fp16, 16, 8, 24, 23, kMmaSim, false},
    {"volta", Format::fp16, 16, 4, 23, 23, kMmaSim, false},
    {"exact", Format::e4m3, 64, 32, 0, 0, kIdeal, true},
    {"exact", Format::e5m2, 64, 32, 0, 0, kIdeal, true},
    {"exact", Format::e5m6, 64, 32, 0, 0, kIdeal, true},
    {"exact", Format::e2m1, 64, 32, 0, 0, kIdeal, true},
    {"exact", Format::fp16, 64, 16, 0, 0, kIdeal, true},
};

}  // namespace

std::vector<std::string> architectures() {
    std::vector<std::string> names;
    for (const Row& r : kTable) {
        if (names.empty() || names.back() != r.architecture) { names.emplace_back(r.architecture); }
    }
    return names;
}

MmaSpec mma_spec(std::string_view architecture, Format operands, const std::string& where) {
    std::string takes, known;
    for (const Row& r : kTable) {
        if (r.architecture != architecture) { continue; }
        takes += (takes.empty() ? "" : ", ") + std::string(spec(r.operands).name);
        if (r.operands != operands) { continue; }
        MmaSpec s;
        s.architecture = r.architecture;
        s.m = r.m;
        s.k = r.k;
        s.align_bits = r.align_bits;
        s.result_bits = r.result_bits;
        s.exact = r.align_bits == 0;
        s.source = r.source;
        s.verified = r.verified;
        return s;
    }
    if (!takes.empty()) {
        throw ConfigError(where, "",
                          "the Tensor Cores of " + std::string(architecture) + " take no operands in " +
                              std::string(spec(operands).name),
                          "they take " + takes);
    }
    for (const std::string& name : architectures()) { known += (known.empty() ? "" : ", ") + name; }
    throw ConfigError(where, "", "unknown architecture \"" + std::string(architecture) + "\"", "one of " + known);
}

MmaSpec with_accumulator_bits(MmaSpec base, int bits) {
    invariant(bits >= 1 && bits <= 64, "an accumulator keeps 1 to 64 fraction bits");
    if (base.exact || bits == base.align_bits) { return base; }
    base.align_bits = bits;
    base.result_bits = std::min(bits, 23);
    base.nearest = bits > 23;
    base.source =
        "proposal: the instruction of " + base.architecture + " with " + std::to_string(bits) + " fraction bits";
    base.verified = false;
    return base;
}

}  // namespace tessera::numerics
