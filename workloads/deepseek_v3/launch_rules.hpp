// How DeepSeek's training kernels are launched: grids, registers and tiles that depend on the shape. Source: grid,
// block, registers and shared memory of each kernel in the public trace (deepseek-ai/profile-data, train.json).
// Internal to workloads/deepseek_v3.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <cstdint>

namespace tessera::deepseek_v3 {

// Thread blocks of `threads` threads that fit on one SM by registers (allocated per thread in steps of 8).
int blocks_per_sm(const SmConfig& sm, int registers, int threads);

// Tile of the training GEMM: 128x128x128, one producer and two consumer warpgroups that share a tile, without an
// order between them (384 threads, 168 registers, one block per SM of the compute partition).
GemmTiling training_gemm_tiling();

// Norm kernels (layer-norm kernels of FlashAttention): a warp a row, four warps a row from kWideNorm columns up;
// registers hold the row; as many blocks as fit on the whole GPU.
inline constexpr std::int64_t kWideNorm = 4096;
StreamDesc norm_kernel(const SmConfig& sm, std::int64_t rows, std::int64_t cols, bool residual);
// Sum of `ctas` rows of partial weight gradients: the loop over rows has independent loads, which the compiler unrolls
// by four.
StreamDesc norm_finalize_kernel(std::int64_t ctas, std::int64_t cols);
StreamDesc norm_backward_kernel(const SmConfig& sm, std::int64_t rows, std::int64_t cols, bool residual);

}  // namespace tessera::deepseek_v3
