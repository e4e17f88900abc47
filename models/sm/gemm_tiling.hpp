// Tile choice when the description leaves it open, after the rule DeepGEMM publishes for Hopper
// (github.com/deepseek-ai/DeepGEMM, csrc/jit_kernels/heuristics/sm90.hpp at 54e2261: fact gemm.tiles1, gemm.l2model):
// rows 64, 128 or 256, columns in steps of 16, not both above 128, at least the stages it needs; the tile whose waves
// cost the fewest cycles of L2 and shared-memory traffic and of MMA, clusters of two where the grid divides.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

GemmTiling choose_tiling(const GemmDesc& gemm, int sms, const SystemConfig& config);

// Thread blocks of the grid with tiles of bm x bn: every group's rows and columns are rounded up.
std::int64_t count_tiles(const GemmDesc& gemm, int bm, int bn);

}  // namespace tessera
