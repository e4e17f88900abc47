// FlashAttention-2 on Hopper: warps of 16 or 32 rows multiply with mma.sync and fetch every operand with ldmatrix, so
// that a matrix product takes the longer of its MMAs and of its bytes through shared memory: each warp reads the whole
// other operand. The warps of a block meet at barriers twice per step; products, exponentials and arithmetic of a step
// follow one another. Two warps of a scheduler (blocks of eight warps) run their exponentials and their arithmetic
// beside each other, a lone one does not.
// Tiles by head dimension: flash_fwd_launch_template.h and flash_bwd_launch_template.h of flash-attention 2, for GPUs
// with 227 KiB of shared memory per block.
#include "models/sm/attention_plan.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <array>

namespace tessera {
namespace {

// mma.sync.m16n8k16 BF16 with eight warps per SM or more: 1,347 of the 2,048 MAC/clk of wgmma; ldmatrix beside it, two
// warps per scheduler in step: 97 of the port's 128 B/clk (mma_sync.json, scripts/silicon/mma_sync on an H200).
constexpr double kMmaSync = 1347.0 / 2048.0, kLdmatrixInStep = 97.2 / 128.0;
constexpr double kBarrier = 39.0, kBarrierSmall = 31.1;  // cycles, 256 and 128 threads (micro G.barrier)
constexpr double kShuffleStep = 31.2;                    // shuffle and maximum (micro F.alu shfl_then_fmax)
constexpr std::int64_t kElement = 2;                     // bytes: FP16 and BF16 only
constexpr std::int64_t kWarp = 32, kMmaRows = 16;

struct Tile {
    std::int64_t head, rows, cols, warps;  // rows of queries, cols of keys
};

Tile forward_tile(std::int64_t d) {
    constexpr std::array<Tile, 6> tiles = {{{32, 128, 128, 4},
                                            {64, 128, 128, 4},
                                            {96, 128, 64, 4},
                                            {128, 128, 64, 4},
                                            {192, 128, 64, 8},
                                            {256, 64, 64, 4}}};
    for (const Tile& t : tiles) {
        if (d <= t.head) { return t; }
    }
    throw ModelError("FlashAttention-2 has heads of up to 256 columns");
}

// Warps along the rows of S and dP, of dK and dV, of dQ.
struct BackwardTile {
    Tile tile;
    std::int64_t s_rows, kv_rows, q_rows;
};

BackwardTile backward_tile(std::int64_t d) {
    constexpr std::array<BackwardTile, 6> tiles = {{{{32, 128, 128, 8}, 4, 4, 4},
                                                    {{64, 128, 128, 8}, 4, 4, 4},
                                                    {{96, 64, 128, 8}, 2, 4, 4},
                                                    {{128, 64, 128, 8}, 2, 4, 2},
                                                    {{192, 64, 64, 8}, 4, 2, 2},
                                                    {{256, 64, 64, 8}, 4, 2, 2}}};
    for (const BackwardTile& t : tiles) {
        if (d <= t.tile.head) { return t; }
    }
    throw ModelError("FlashAttention-2 has heads of up to 256 columns");
}

struct Product {
    std::int64_t m, n, k, warps_m, warps_n;
    double macs() const { return static_cast<double>(m * n * k); }
    // Bytes that all warps fetch with ldmatrix.
    double fetched() const { return static_cast<double>((m * warps_n + n * warps_m) * k * kElement); }
};

struct Sm {
    const SmConfig& config;
    double port(double bytes) const { return bytes / config.smem.bandwidth.raw(); }
    double alu(double n) const { return n / config.cuda.fp32_lanes; }
    double half(double n) const { return 2 * n / config.cuda.fp32_lanes; }
    double exp(double n) const { return n / config.cuda.sfu_lanes; }
    double convert(double n) const { return n / config.cuda.convert_lanes; }
    double full_rate(const Product& p) const { return p.macs() / config.tensor.bf16_mac_per_clk; }
    double cycles(const Product& p, double port_share) const {
        return std::max(full_rate(p) / kMmaSync, port(p.fetched()) / port_share);
    }
};

MmaShape shape(const Product& p, DType dtype) {
    MmaShape s;
    s.m = p.m;
    s.n = p.n;
    s.k = p.k;
    s.dtype = dtype;
    return s;
}

void forward(AttentionPlan& p, const AttentionDesc& k, const Sm& sm) {
    const Tile t = forward_tile(std::max(k.d_qk, k.d_v));
    const std::int64_t d = t.head, row_warps = t.rows / kMmaRows;
    p.tile_rows = t.rows;
    p.step_rows = t.cols;
    p.shortest_first = true;
    // Every warp has the rows of one or two mma for itself; both operands of the second come from registers and V.
    const Product s{t.rows, t.cols, d, t.warps, 1}, o{t.rows, d, t.cols, t.warps, 1};
    const double q_free = static_cast<double>(o.m * o.k * kElement);  // P is in registers
    const double scores = static_cast<double>(t.rows * t.cols), out = static_cast<double>(t.rows * d);
    p.mmas = {shape(s, k.dtype), shape(o, k.dtype)};
    p.streamed = bytes(2 * t.cols * d * kElement);
    const double incoming = sm.port(to_double(p.streamed));  // cp.async writes beside the fetches
    const double products = std::max(sm.full_rate(s) / kMmaSync, sm.port(s.fetched()) + incoming / 2) +
                            std::max(sm.full_rate(o) / kMmaSync, sm.port(o.fetched() - q_free) + incoming / 2);
    // Maximum (half rate), scale, sum; rescale of O; packed conversion.
    const double arithmetic = sm.half(scores) + sm.alu(2 * scores + out) + sm.convert(scores / 2);
    const bool lone = t.warps * kWarp <= 128;
    const double softmax = lone ? sm.exp(scores) + arithmetic : std::max(sm.exp(scores), arithmetic);
    const double serial = 2 * (lone ? kBarrierSmall : kBarrier) + 2 * kShuffleStep;
    p.exposed_cycles = products + softmax + serial - sm.full_rate(s) - sm.full_rate(o);
    p.masked_cycles = sm.half(2 * scores);
    p.work.alu = 5 * scores + out;
    p.work.sfu = scores;
    p.work.convert = scores / 2;
    p.smem = bytes(static_cast<std::int64_t>(s.fetched() + o.fetched() - q_free));
    p.stationary = bytes(t.rows * d * kElement);
    p.output = p.stationary;
    p.drain_cycles = sm.alu(out) + sm.convert(out / 2) + 2 * sm.port(to_double(p.output)) + 2 * kBarrier;
    p.resident = static_cast<int>(row_warps > t.warps ? 2 : 1);
}

void backward(AttentionPlan& p, const AttentionDesc& k, const Sm& sm) {
    const BackwardTile b = backward_tile(std::max(k.d_qk, k.d_v));
    const Tile& t = b.tile;
    const std::int64_t d = t.head, w = t.warps;
    p.tile_rows = t.cols;  // keys
    p.step_rows = t.rows;  // queries
    const Product s{t.rows, t.cols, d, b.s_rows, w / b.s_rows}, dv{t.cols, d, t.rows, b.kv_rows, w / b.kv_rows};
    const Product dq{t.rows, d, t.cols, b.q_rows, w / b.q_rows};
    p.mmas = {shape(s, k.dtype), shape(s, k.dtype), shape(dv, k.dtype), shape(dv, k.dtype), shape(dq, k.dtype)};
    const double products =
        2 * sm.cycles(s, kLdmatrixInStep) + 2 * sm.cycles(dv, kLdmatrixInStep) + sm.cycles(dq, kLdmatrixInStep);
    const double full = 2 * sm.full_rate(s) + 2 * sm.full_rate(dv) + sm.full_rate(dq);
    const double scores = static_cast<double>(t.rows * t.cols);
    p.streamed = bytes(2 * t.rows * d * kElement + t.rows * 8);  // Q, dO and the two row statistics
    const double staged = 2 * scores * kElement;                 // P and dS
    // Scale and exponential, dS, both converted.
    const double arithmetic = sm.alu(4 * scores) + sm.convert(scores);
    p.exposed_cycles =
        products + std::max(sm.exp(scores), arithmetic) + sm.port(staged + to_double(p.streamed)) + 5 * kBarrier - full;
    p.masked_cycles = sm.half(2 * scores);
    p.work.alu = 4 * scores;
    p.work.sfu = scores;
    p.work.convert = scores;
    p.smem = bytes(static_cast<std::int64_t>(2 * s.fetched() + 2 * dv.fetched() + dq.fetched() + staged));
    p.reduced = bytes(t.rows * d * 4);
    p.stationary = bytes(2 * t.cols * d * kElement);
    p.output = p.stationary;
    const double out = static_cast<double>(2 * t.cols * d);
    p.drain_cycles = sm.convert(out / 2) + 2 * sm.port(to_double(p.output)) + 2 * kBarrier;
}

}  // namespace

void plan_warp_mma(AttentionPlan& p, const AttentionDesc& k, const SystemConfig& system, std::int64_t smem) {
    if (k.pass == AttentionPass::decode || is_fp8(k.dtype)) {
        throw ModelError("FlashAttention-2's kernels: forward and backward in FP16 or BF16");
    }
    p.stages = 1;
    const Sm sm{system.sm};
    k.pass == AttentionPass::forward ? forward(p, k, sm) : backward(p, k, sm);
    if (to_double(p.stationary) + to_double(p.streamed) > static_cast<double>(smem)) {
        throw ModelError("a FlashAttention-2 tile does not fit in shared memory");
    }
}

}  // namespace tessera
