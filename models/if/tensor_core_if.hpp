// The Tensor Cores of each SM: wgmma groups of several warpgroups share them.
#pragma once

#include "sim/ir/dtype.hpp"

#include <cstdint>
#include <systemc>

namespace tessera {

// One warpgroup's committed group of wgmmas over one k-block: an m x n x k product.
struct MmaShape {
    std::int64_t m = 64, n = 0, k = 0;
    DType dtype = DType::fp8_e4m3;
    bool group_scaled = false;  // scales applied inside (proposal)
    bool transposed_a = false;  // operand is MN-major in shared memory
    bool transposed_b = false;
    bool a_in_registers = false;  // A is no operand of shared memory
};

class TensorCoreIf : virtual public sc_core::sc_interface {
public:
    // Tensor-Core cycles the group occupies when it has the unit to itself.
    virtual double cycles(const MmaShape& shape) const = 0;
    // Shared-memory bytes the group fetches.
    virtual double smem_bytes(const MmaShape& shape) const = 0;
    // Occupies SM `sm`'s Tensor Cores in call order; returns when the accumulators can be read: no sooner than one
    // wgmma that finds them idle takes.
    virtual Time mma(int sm, const MmaShape& shape, Time when) = 0;
};

}  // namespace tessera
