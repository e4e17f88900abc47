#include "sim/app/measured/library_kernel.hpp"

#include <charconv>
#include <vector>

namespace tessera::measured {
namespace {

std::vector<std::string> words_of(const std::string& name) {
    std::vector<std::string> words(1);
    for (const char c : name) {
        if (c == '_') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

// "256x128" -> 256, 128.
bool pair_of(const std::string& word, int& first, int& second) {
    const char* end = word.data() + word.size();
    const auto a = std::from_chars(word.data(), end, first);
    if (a.ec != std::errc{} || a.ptr == end || *a.ptr != 'x') { return false; }
    const auto b = std::from_chars(a.ptr + 1, end, second);
    return b.ec == std::errc{} && b.ptr == end && first > 0 && second > 0;
}

}  // namespace

Profiled profiled(const JsonCursor& kernel) {
    Profiled p;
    p.name = kernel.text("name");
    if (!kernel.has("grid")) { return p; }  // a memset
    const std::vector<JsonCursor> grid = kernel.at("grid").items(), block = kernel.at("block").items();
    if (grid.size() != 3 || block.size() != 3) { kernel.fail("grid and block need three extents each"); }
    p.gx = grid[0].count();
    p.gy = grid[1].count();
    p.gz = grid[2].count();
    const std::int64_t threads = block[0].count() * block[1].count() * block[2].count();
    if (threads > 1024) { kernel.at("block").fail("a block has at most 1024 threads"); }
    p.threads = static_cast<int>(threads);
    const std::int64_t smem = kernel.at("smem").integer();
    if (smem < 0 || smem > (1 << 20)) { kernel.at("smem").fail("no block has so much shared memory"); }
    p.smem = bytes(smem);
    return p;
}

std::optional<LibraryTile> library_tile(const std::string& kernel_name) {
    const std::vector<std::string> words = words_of(kernel_name);
    if (words.size() < 7 || words[0] != "nvjet" || words[1] != "sm90") { return {}; }
    LibraryTile t;
    if (!pair_of(words[3], t.m, t.n) || !pair_of(words[4], t.k, t.stages) ||
        !pair_of(words[5], t.cluster_m, t.cluster_n)) {
        return {};
    }
    for (const std::string& w : words) {
        t.cooperative = t.cooperative || w.rfind("coop", 0) == 0;
        t.promoted = t.promoted || w == "algo2";
        t.split_k = t.split_k || w == "splitK";
    }
    const std::string& last = words.back();
    if (last.size() == 3 && last.find_first_not_of("TN") == std::string::npos) {
        t.a_k_major = last[0] == 'T';
        t.b_k_major = last[1] == 'N';
    }
    return t;
}

}  // namespace tessera::measured
