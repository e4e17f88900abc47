// How one GEMM is laid out on the SMs: tiles, stages, clusters, and what a warpgroup does per k-block.
#pragma once

#include "models/if/program.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

// Cycles of one k-block on one SM, from the moment its operands are in shared memory.
struct KBlockCycles {
    double tensor = 0;   // Tensor Cores busy
    double release = 0;  // until the stage may be refilled (last wgmma of all warpgroups read it)
    double lag = 0;      // second warpgroup behind the first
    double total = 0;    // until the consumers can start the next k-block
    double promotion() const { return total - tensor; }  // not hidden behind the Tensor Cores
};

struct GemmPlan {
    int bm = 0, bn = 0, bk = 0;
    int stages = 0;
    int cluster = 1;  // SMs of a cluster, which share one or both operands' loads
    int cluster_m = 1, cluster_n = 1;
    bool multicast_a = false;  // bands of tiles run along n, otherwise along m
    bool padded = false;       // tiles beyond the edge fill up the clusters (GemmTiling::padded)
    int warpgroups = 1;        // that work on one tile
    bool split_n = false;      // they halve its columns (rows not a multiple of 128), otherwise its rows
    int slice_columns = 0;     // of the 64-row slices that one warpgroup multiplies at a time
    Bytes d_room{};            // shared memory left for staging the output tile
    bool pingpong = false;     // two warpgroups with a tile each: one's epilogue hides behind the other's main loop
    ConsumerStyle style = ConsumerStyle::single;
    bool timed_by_stages = false;  // style was left to the stages' mbarriers (ConsumerStyle::automatic)
    bool fp8 = false;
    bool promoted = false;                  // partial sums leave the Tensor Cores every promotion interval
    bool group_scaled = false;              // scales applied inside the Tensor Cores
    KBlockCycles full;                      // a whole k-block with promotion at its end, if any
    double epilogue_start = 0;              // cycles from the last k-block to accumulators that can be converted
    double scale_read = 0;                  // the first tile waits for the factors of tensor-wise scales
    double epilogue = 0;                    // cycles to bring the tile, or one part of it, into shared memory
    int epilogue_parts = 1;                 // GemmTiling::epilogue_parts
    double setup = 0;                       // cycles from a block's first instruction to its first load
    double tile_walk = 0;                   // cycles in which the producer finds its next tile
    double group_switch = 0;                // and in which it writes the tensor maps of another group
    Bytes a_bytes{}, b_bytes{}, d_bytes{};  // of one whole tile and k-block: global side, scales included
    double a_lines = 1, b_lines = 1;        // TmaCopy::lines of the operands' rows
    double d_lines = 1;                     // lines that the rows of an output tile touch / lines that hold them
    int load_descriptors = 2;               // TMA copies per k-block
    Bytes smem_per_kblock{};                // shared-memory port bytes, fill and fetch
    double cuda_ops_per_kblock = 0;         // thread instructions of the promotion
    double cuda_ops_epilogue = 0;           // per tile
};

// Completes and checks the tiling of `gemm` for `sms` SMs: the one given in the description or, without one, the
// library's rule (gemm_tiling.hpp). Throws ModelError for tiles that the hardware cannot run: not a multiple of the
// warpgroup's 64 rows and the wgmma's 8 columns, more registers or shared memory than an SM has, clusters wider
// than the TMA's multicast, MN-major FP8 without the capability, a fused cast without the capability.
GemmPlan plan_gemm(const GemmDesc& gemm, int sms, const TensorCoreIf& tensor, const SystemConfig& config);

// Stages that fit beside the output tile (DeepGEMM's layout: D tile, then per stage A, B and scales). The D tile is
// staged in its output type.
int stages_that_fit(const GemmDesc& gemm, int bm, int bn, int bk, const SystemConfig& config);

// Cycles of a k-block of `k` elements; see gemm_consumer.cpp for the rules and the microbenchmarks behind them.
KBlockCycles kblock_cycles(const GemmDesc& gemm, const GemmPlan& plan, std::int64_t k, const TensorCoreIf& tensor,
                           const SystemConfig& config);

// The Tensor Cores' view of `m` rows and `k` elements of a tile.
MmaShape mma_shape(const GemmDesc& gemm, const GemmPlan& plan, std::int64_t m, std::int64_t k);

// Thread instructions of the promotion of one tile's k-block on the CUDA cores.
double promotion_instructions(const GemmDesc& gemm, const GemmPlan& plan);

// Fills in the cycles of the plan's epilogue.
void plan_epilogue(const GemmDesc& gemm, const SystemConfig& config, GemmPlan& plan);
// Thread instructions from accumulators to the tile in shared memory.
double epilogue_instructions(const GemmDesc& gemm, const GemmPlan& plan);

// Fills in what a block does before its first load and its producer between tiles. Meeting another group: its extents,
// then its addresses come from L2, the new tensor maps go to global memory behind a fence, and the TMA fetches them.
void plan_setup(const GemmDesc& gemm, const SystemConfig& config, GemmPlan& plan);

}  // namespace tessera
