#include "sim/app/measured/triton_code.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace tessera::measured {
namespace {

using stream_kernels::WarpCode;
using Points = std::vector<WarpCode>;

constexpr double kBareRegisters = 16;  // addresses and indices of a thread that holds nothing

// Triton 3.6.0 for sm_90: registers from the launch; instructions, pipes and passes of shared memory and shuffles per
// warp counted by Nsight Compute on an H200, to which each 128 bytes of global loads and stores add one; cycles of a
// warp alone summed over the stall counts of the machine code, with 29 cycles for a load from shared memory, 24 for a
// shuffle, 22 for a special function, 27 for a barrier (micro A.smem, F.alu shfl_then_fmax less its maximum,
// G.barrier). Tabulated in tests/validation/h200_micro_extra/triton.json. Last, where warps meet: a block alone on its
// SM, from periods of kernels of one block an SM (alone.json), as are the cycles alone of swiglu_bwd, rope,
// combine_rows and router_topk.
const std::map<std::string, Points>& compiled() {
    static const std::map<std::string, Points> code = {
        {"cast_1x128", {{16, 30, 127, 59, 1, 19, 388}, {32, 40, 224, 104, 2, 35, 617}}},
        {"cast_128x1_transpose", {{32, 48, 520, 256, 8, 233, 1648, 2390}, {64, 94, 1002, 524, 16, 458, 2552, 4142}}},
        {"requant_transpose", {{32, 59, 742, 359, 16, 266, 1833, 2660}, {64, 97, 1056, 526, 16, 446, 2780, 4467}}},
        {"cast_128x128", {{32, 55, 238, 117, 1, 42, 736, 1490}, {64, 92, 412, 195, 1, 71, 934, 1474}}},
        {"fp8_transpose", {{32, 32, 218, 138, 0, 68, 504, 566}, {64, 34, 290, 166, 0, 113, 724, 732}}},
        {"swiglu_fwd_cast", {{16, 32, 363, 137, 33, 27, 1335}}},
        {"swiglu_bwd", {{16, 38, 459, 167, 32, 40, 1920}, {32, 64, 896, 319, 64, 80, 3058}}},
        {"rmsnorm",
         {{2, 17, 81, 25, 2, 17, 543},
          {4, 19, 92, 31, 2, 18, 514},
          {8, 26, 126, 47, 2, 26, 572},
          {16, 38, 180, 72, 2, 38, 596},
          {32, 64, 302, 129, 2, 63, 821},
          {64, 128, 457, 203, 2, 98, 994}}},
        {"rope", {{16, 32, 102, 41, 0, 32, 176}, {32, 40, 173, 75, 0, 48, 408}}},
        {"residual_add", {{16, 25, 34, 10, 0, 24, 89}, {32, 32, 57, 20, 0, 48, 140}}},
        // Values here are bytes: rows of any type move in 16-byte pieces.
        {"gather_rows", {{32, 18, 30, 10, 0, 17, 91}, {64, 30, 39, 9, 0, 33, 122}}},
        {"scatter_rows", {{32, 20, 72, 24, 0, 80, 236}, {64, 32, 109, 26, 0, 152, 337}}},
        {"index_select_torch", {{16, 32, 56, 21, 0, 10, 175}}},
        {"combine_rows", {{8, 38, 254, 106, 0, 52, 600}}},
        {"router_topk_triton", {{8, 56, 2026, 1143, 18, 529, 10490}, {16, 124, 3697, 2178, 36, 936, 12070}}},
        // A warp a token: the row never leaves the warp, so no barriers.
        {"router_topk_triton, one warp", {{8, 93, 1398, 1005, 17, 191, 4080}}}};
    return code;
}

// On the line through the two compilations beside `values`; one compilation: in proportion.
WarpCode at(const Points& p, double values) {
    if (p.size() == 1) {
        WarpCode none;
        none.values = 0;
        none.registers = kBareRegisters;
        return stream_kernels::between(none, p.front(), values);
    }
    std::size_t i = 1;
    while (i + 1 < p.size() && p[i].values < values) { ++i; }
    return stream_kernels::between(p[i - 1], p[i], values);
}

}  // namespace

WarpCode triton_code(const std::string& family, int threads, double values, double occupied) {
    const bool alone = family == "router_topk_triton" && threads == 32;
    const auto found = compiled().find(alone ? family + ", one warp" : family);
    if (found == compiled().end()) { throw ModelError("no machine code is known of \"" + family + "\""); }
    WarpCode code = at(found->second, values);
    code.values = occupied;
    return code;
}

}  // namespace tessera::measured
