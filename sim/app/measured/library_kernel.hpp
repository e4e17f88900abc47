// What a library's kernel name and launch say about how it computes.
#pragma once

#include "sim/base/json_cursor.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <optional>
#include <string>

namespace tessera::measured {

// One launch as the profiler saw it.
struct Profiled {
    std::string name;
    std::int64_t gx = 1, gy = 1, gz = 1;
    int threads = 128;  // per block
    Bytes smem{};
    std::int64_t blocks() const { return gx * gy * gz; }
};
Profiled profiled(const JsonCursor& kernel);

// A cuBLASLt kernel for Hopper (nvjet_sm90_<types>_<m>x<n>_<k>x<stages>_<cluster m>x<cluster n>_<raster>_...): names
// as the library's own heuristics pick them. m runs along the rows of the column-major result, which are the columns
// of the row-major one.
struct LibraryTile {
    int m = 0, n = 0, k = 0, stages = 0, cluster_m = 1, cluster_n = 1;
    bool cooperative = false;  // "coop": both consumer warpgroups on one tile, else one each (ping-pong)
    bool promoted = false;     // "algo2": partial sums leave the Tensor Core during the main loop
    bool split_k = false;
    bool a_k_major = true, b_k_major = true;  // "TN.": of the column-major operands
};
std::optional<LibraryTile> library_tile(const std::string& kernel_name);

}  // namespace tessera::measured
