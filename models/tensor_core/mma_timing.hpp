// Arithmetic of the Tensor Cores: cycles of a wgmma group.
#pragma once

#include "models/if/tensor_core_if.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

// Cycles the Tensor Cores of one SM need for the product when it has them to itself:
//   m n k / (MACs per clock x rate of the capability in use),
// with n rounded up to the instruction's granularity of 8 and m to the warpgroup's 64 rows. An FP8 operand that is
// MN-major in shared memory is fetched at transposed_read_rate of the K-major rate; the fetch of a 64-row A or of B
// limits the MMA to that rate. Throws ModelError for MN-major FP8 without the capability fp8_transposed and for
// group scaling without the capability group_scaling.
double mma_cycles(const MmaShape& shape, const TensorCoreConfig& tensor, const SharedMemoryConfig& smem);

}  // namespace tessera
