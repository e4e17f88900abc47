// What the microbenchmarks issue, as data: loops of one kind of instruction. Free of SystemC.
#pragma once

#include "sim/ir/dtype.hpp"

namespace tessera {

// H200 micro E.wgmma_throughput and E.wgmma_latency: warpgroups of one SM that issue groups of m64nN wgmmas over 32
// bytes of k each, operands resident in shared memory (or A in registers).
struct WgmmaLoop {
    DType dtype = DType::fp8_e4m3;
    bool a_in_registers = false;
    int n = 128;
    int warpgroups = 1;
    int group = 4;         // wgmmas committed together
    bool drain = false;    // each group is waited for; otherwise the one before it is
    int iterations = 600;  // groups of each warpgroup
};

}  // namespace tessera
