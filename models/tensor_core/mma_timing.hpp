// Arithmetic of the Tensor Cores: cycles of a wgmma group.
#pragma once

#include "models/if/tensor_core_if.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

// Cycles the Tensor Cores of one SM need for the product when they have it to themselves, in wgmmas of 64 rows and 32
// bytes of k. One wgmma takes the largest of
//   multiply-accumulates: 64 n k / (MACs per clock x rates of the capabilities in use), n rounded up to 8;
//   operand fetch: (64 + n) k elements / shared-memory bandwidth, n k if A is in registers; an MN-major FP8 operand at
//   transposed_read_rate, group scales on top (H200 micro E.wgmma_throughput: m64nNk32 takes max(N/2, 16 + N/4) cycles
//   with A in shared memory, max(N/2, 13) with A in registers);
//   wgmma_interval.
// Throws ModelError for MN-major FP8 without the capability fp8_transposed and for group scaling without the
// capability group_scaling.
double mma_cycles(const MmaShape& shape, const TensorCoreConfig& tensor, const SharedMemoryConfig& smem);

// Cycles of one of its wgmmas: from its first multiplication to its last, and to the next wgmma's first.
struct WgmmaCycles {
    double multiply = 0, interval = 0;
};
WgmmaCycles wgmma_cycles(const MmaShape& shape, const TensorCoreConfig& tensor, const SharedMemoryConfig& smem);

// Shared-memory bytes the product fetches.
double mma_smem_bytes(const MmaShape& shape, const TensorCoreConfig& tensor);

}  // namespace tessera
