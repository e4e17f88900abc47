#include "models/sm/gemm_plan.hpp"

#include "models/sm/gemm_tiling.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace tessera {

namespace {

constexpr int warpgroup_rows = 64, wgmma_columns = 8, max_wgmma_columns = 256;
constexpr std::int64_t least_d_room = 8192;  // one 64-row slice of 64 BF16 columns
constexpr int accumulator_registers = 168;   // of 255 per thread; the rest holds addresses, scales and the loop

[[noreturn]] void refuse(const GemmPlan& p, const std::string& why) {
    throw ModelError("a GEMM tile of " + std::to_string(p.bm) + "x" + std::to_string(p.bn) + "x" +
                     std::to_string(p.bk) + " cannot run: " + why);
}

// Bytes of one k-block as it lies in shared memory: operands in their MMA type, and the scales.
Bytes stage_bytes(const GemmDesc& g, int bm, int bn, int bk) {
    const bool fp8 = is_fp8(g.a.dtype) || g.fused_cast_a;
    const std::int64_t element = fp8 ? 1 : 2;
    std::int64_t bytes = (bm + bn) * std::int64_t{bk} * element;
    if (g.scale == ScaleMode::block_1x128_128x128) { bytes += std::int64_t{bm} * 4; }
    if (g.scale == ScaleMode::block_1x128_1x128) { bytes += (std::int64_t{bm} + bn) * 4; }
    return tessera::bytes(bytes);
}

Bytes usable_smem(const SystemConfig& c) {
    constexpr Bytes barriers = bytes(1024);  // mbarriers, tensor maps, alignment
    return c.sm.smem.capacity - c.sm.smem.reserved_per_cta - barriers;
}

void set_consumers(ConsumerStyle asked, GemmPlan& p) {
    p.style = asked;
    p.timed_by_stages = asked == ConsumerStyle::automatic;
    if (asked == ConsumerStyle::automatic) {
        p.style = p.bm <= warpgroup_rows ? ConsumerStyle::single
                                         : (p.promoted ? ConsumerStyle::ordered : ConsumerStyle::cooperative);
    }
    p.pingpong = p.style == ConsumerStyle::pingpong;
    const bool two = p.style == ConsumerStyle::cooperative || p.style == ConsumerStyle::ordered;
    p.warpgroups = two ? 2 : 1;
    p.split_n = two && p.bm % (2 * warpgroup_rows) != 0;
    p.slice_columns = p.split_n ? (p.bn / 2 + wgmma_columns - 1) / wgmma_columns * wgmma_columns : p.bn;
}

void check_registers(const GemmPlan& p) {
    const int rows = (p.bm + warpgroup_rows - 1) / warpgroup_rows * warpgroup_rows;
    const int own_rows = p.warpgroups == 2 && !p.split_n ? rows / 2 : rows;
    const int final_registers = own_rows * p.slice_columns / 128;
    const int partial = p.promoted ? warpgroup_rows * p.slice_columns / 128 : 0;
    if (final_registers + partial > accumulator_registers + 32) {
        refuse(p, std::to_string(final_registers + partial) + " accumulators per thread do not fit in its registers");
    }
}

void set_bytes(const GemmDesc& g, GemmPlan& p) {
    const auto side = [&](DType t, bool cast, int extent) {
        return storage(cast ? DType::bf16 : t, std::int64_t{extent} * p.bk).raw();
    };
    std::int64_t a = side(g.a.dtype, g.fused_cast_a, p.bm), b = side(g.b.dtype, g.fused_cast_b, p.bn);
    p.load_descriptors = 2;
    const bool blocks = g.scale == ScaleMode::block_1x128_128x128 || g.scale == ScaleMode::block_1x128_1x128;
    if (blocks && !g.fused_cast_a) {
        a += std::int64_t{p.bm} * 4;
        ++p.load_descriptors;
    }
    if (g.scale == ScaleMode::block_1x128_1x128 && !g.fused_cast_b) {
        b += std::int64_t{p.bn} * 4;
        ++p.load_descriptors;
    }
    p.a_bytes = bytes(a);
    p.b_bytes = bytes(b);
    p.d_bytes = storage(g.d.dtype, std::int64_t{p.bm} * p.bn);
    if (g.epilogue_cast) { p.d_bytes += bytes(std::int64_t{p.bm} * ((p.bn + 127) / 128) * 4); }
}

// A row of `run` bytes that starts anywhere on its line, as the pitch of the rows has it, touches one more line than
// one that starts on a boundary. The TMA asks L2 line by line: at 104 B/clk, a line in 1.23 cycles.
double lines_touched(std::int64_t pitch, std::int64_t run, std::int64_t line) {
    if (line <= 0) { return 1.0; }
    const double starts = static_cast<double>(line / std::gcd(pitch, line));  // that rows have, each as often
    const double whole = std::ceil(static_cast<double>(run) / static_cast<double>(line));
    return 1.0 + (starts - 1.0) / starts / whole;
}

void set_lines(const GemmDesc& g, Bytes line, GemmPlan& p) {
    const auto of = [&](bool k_major, DType t, bool cast, std::int64_t across, int tile) {
        const DType stored = cast ? DType::bf16 : t;
        return lines_touched(storage(stored, k_major ? g.k : across).raw(),
                             storage(stored, k_major ? p.bk : tile).raw(), line.raw());
    };
    p.a_lines = of(g.a_k_major, g.a.dtype, g.fused_cast_a, g.m, p.bm);
    p.b_lines = of(g.b_k_major, g.b.dtype, g.fused_cast_b, g.n, p.bn);
    const std::int64_t run = storage(g.d.dtype, p.bn).raw();
    p.d_lines = lines_touched(storage(g.d.dtype, g.n).raw(), run, line.raw());
}

void check_hardware(const GemmDesc& g, const GemmPlan& p, const SystemConfig& c) {
    if (p.bm % 8 != 0 || p.bm <= 0) { refuse(p, "its rows are not a multiple of 8"); }
    if (p.bn % wgmma_columns != 0 || p.bn > 2 * max_wgmma_columns) {
        refuse(p, "wgmma needs columns in multiples of 8, at most 256 each");
    }
    if (p.bk % 32 != 0) { refuse(p, "the k-block is not a multiple of the wgmma's 32"); }
    if (p.cluster > c.tma.max_multicast) { refuse(p, "its cluster is wider than the TMA's multicast"); }
    if ((g.fused_cast_a || g.fused_cast_b) && !c.tma.cast) {
        throw ModelError("a GEMM with a fused cast needs a TMA that casts (capability /tma/cast)");
    }
    if (p.stages < 2) { refuse(p, "shared memory holds fewer than two stages of it beside the output tile"); }
}

}  // namespace

int stages_that_fit(const GemmDesc& g, int bm, int bn, int bk, const SystemConfig& c) {
    const Bytes room = usable_smem(c) - storage(g.d.dtype, std::int64_t{bm} * bn);
    return static_cast<int>(std::max<std::int64_t>(0, room.raw() / stage_bytes(g, bm, bn, bk).raw()));
}

GemmPlan plan_gemm(const GemmDesc& g, int sms, const TensorCoreIf& tensor, const SystemConfig& c) {
    const GemmTiling t = g.tiling ? *g.tiling : choose_tiling(g, sms, c);
    GemmPlan p;
    p.bm = t.bm;
    p.bn = t.bn;
    p.bk = t.bk;
    p.multicast_a = t.multicast_a;
    p.cluster_m = std::max(1, t.multicast_a ? t.cluster_across : t.cluster);
    p.cluster_n = std::max(1, t.multicast_a ? t.cluster : t.cluster_across);
    p.cluster = p.cluster_m * p.cluster_n;
    p.padded = t.padded || std::min(p.cluster_m, p.cluster_n) > 1;
    p.fp8 = is_fp8(g.a.dtype) || g.fused_cast_a;
    const bool blocks = g.scale == ScaleMode::block_1x128_128x128 || g.scale == ScaleMode::block_1x128_1x128;
    p.group_scaled = p.fp8 && blocks && c.sm.tensor.group_scaling;
    p.promoted = p.fp8 && g.promotion_interval > 0 && !p.group_scaled;
    set_consumers(t.consumers, p);
    set_bytes(g, p);
    set_lines(g, c.l2.line, p);
    // A library that asks for more stages than fit beside the whole output tile stages the tile in parts.
    const Bytes stage = stage_bytes(g, p.bm, p.bn, p.bk);
    const auto most = static_cast<int>((usable_smem(c) - bytes(least_d_room)).raw() / stage.raw());
    p.stages = t.stages > 0 ? std::min(t.stages, most) : std::min(stages_that_fit(g, p.bm, p.bn, p.bk, c), 16);
    p.d_room = usable_smem(c) - stage * static_cast<double>(p.stages);
    check_hardware(g, p, c);
    check_registers(p);
    p.full = kblock_cycles(g, p, p.bk, tensor, c);
    p.epilogue_parts = t.epilogue_parts;
    plan_epilogue(g, c, p);
    plan_setup(g, c, p);
    const MmaShape tile = mma_shape(g, p, p.bm, p.bk);
    p.smem_per_kblock = bytes(static_cast<std::int64_t>(tensor.smem_bytes(tile))) + stage_bytes(g, p.bm, p.bn, p.bk);
    p.cuda_ops_per_kblock =
        promotion_instructions(g, p) * std::min(1.0, static_cast<double>(p.bk) / std::max(g.promotion_interval, 1));
    p.cuda_ops_epilogue = epilogue_instructions(g, p);
    return p;
}

}  // namespace tessera
