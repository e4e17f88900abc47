// Runs a target over its corpus without libFuzzer: every file as it is, cut at several places, and with single bytes
// changed. Arguments: files or folders. Fails by whatever the target dies of, or if there was nothing to run.
#include "sim/base/rng.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr int cuts = 24, changes = 200;

std::vector<std::uint8_t> content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void run(const std::vector<std::uint8_t>& bytes) { LLVMFuzzerTestOneInput(bytes.data(), bytes.size()); }

void run_with_damage(const std::vector<std::uint8_t>& bytes, tessera::Rng& rng) {
    run(bytes);
    if (bytes.empty()) { return; }
    for (int i = 0; i < cuts; ++i) {
        run({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(rng.below(bytes.size()))});
    }
    for (int i = 0; i < changes; ++i) {
        std::vector<std::uint8_t> changed = bytes;
        changed[rng.below(changed.size())] = static_cast<std::uint8_t>(rng.below(256));
        run(changed);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<fs::path> files;
    for (int i = 1; i < argc; ++i) {
        if (!fs::is_directory(argv[i])) {
            files.emplace_back(argv[i]);
            continue;
        }
        for (const auto& entry : fs::directory_iterator(argv[i])) { files.push_back(entry.path()); }
    }
    std::sort(files.begin(), files.end());
    tessera::Rng rng(1);
    for (const fs::path& f : files) {
        std::cerr << f.filename().string() << "\n";
        run_with_damage(content(f), rng);
    }
    std::cerr << files.size() << " files, each with " << cuts << " cuts and " << changes << " changed bytes\n";
    return files.empty() ? 1 : 0;
}
