// What one warp of a compiled kernel executes per tile, read off its machine code and hardware counters.
#pragma once

#include "sim/ir/kernel_desc.hpp"

namespace tessera::stream_kernels {

// Per warp and tile. `values` are the elements of the iteration space that one thread holds.
struct WarpCode {
    double values = 1;
    double registers = 32;    // per thread
    double instructions = 0;  // warp instructions issued
    double half_rate = 0;     // of them on the 64-lane pipe: integer, logic, min/max, compare, select
    double special = 0;       // of them on the special-function pipe
    double data_passes = 0;   // passes of 128 bytes through shared memory and L1: accesses, conflicts, shuffles
    double alone_cycles = 0;  // issue to issue with no other warp: stall counts of the code, latencies of shared
                              // memory, shuffles, special functions and barriers; not of global loads
    double block_cycles =
        0;  // the same of a whole block alone on its SM whose warps meet at barriers (0: not measured)
};

// The code of a kernel compiled for another number of values per thread, on the line through two compilations.
WarpCode between(const WarpCode& a, const WarpCode& b, double values);

// `d` with these registers and costs per element instead of its own.
StreamDesc with_code(StreamDesc d, const WarpCode& code);

}  // namespace tessera::stream_kernels
