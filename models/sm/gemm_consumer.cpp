// What the consumer warpgroups of a GEMM do per k-block and per tile.
//
// A warpgroup issues the wgmmas of one 64-row slice of its tile, waits for them (the Tensor Core's pipeline drains:
// wgmma_latency), and promotes the slice: one FFMA per accumulator that scales and adds it to FP32 registers. The
// issue interval of those instructions and the drain are micro E.promotion, one warpgroup: 458 - 256 cycles for 64
// accumulators per thread. With two warpgroups:
//   cooperative (no order): both fill the Tensor Cores together and promote together, as their wgmmas are served in
//     turn; nothing overlaps (E.promotion, 2 x 64x128 unordered: 706 cycles for 512 of MMA);
//   ordered: one promotes while the other has the Tensor Cores. The period is the larger of all MMAs and of
//     one warpgroup's own chain, which contains the hand-over (barriers and scale reads, kblock_sync; E.promotion
//     ordered: 619 cycles). Both meet again at the tile's end.
//   automatic: nothing orders them, but their waits on the stages' mbarriers let them drift to the faster of both
//     (H200 deepgemm.json: 128-wide halves run in turn, 64- and 80-wide ones in phase), without the named barrier of
//     the ordered form (H200 kernels.json, cuBLASLt's 128x128 tiles with K of 512 to 36,864: 589 cycles per k-block).
#include "models/sm/gemm_plan.hpp"
#include "models/sm/sync_costs.hpp"

#include <algorithm>
#include <numeric>

namespace tessera {

namespace {

constexpr int slice_rows = 64;
constexpr double threads_per_warpgroup = 128;
constexpr double reference_accumulators = 64;  // of the 64x128 slice behind CudaCoreConfig::promotion_alone
constexpr int warpgroup_warps = 4;

// A warpgroup that stages a part alone waits at the two memory barriers and fences around it until its shared-memory
// stores have landed: warp samples of CUTLASS's grouped ping-pong kernels (H200 grouped.json, notes).
constexpr double lone_fences = 230;

double accumulators(const GemmPlan& p) { return slice_rows * p.slice_columns / threads_per_warpgroup; }

// B's 128-wide scale blocks cut a tile whose width does not divide 128: the accumulators on either side of the cut
// take different scales. If the cut can only fall on a few columns it is compiled in; otherwise each accumulator needs
// a select as well.
bool selects_scale(const GemmDesc& g, const GemmPlan& p) {
    constexpr int scale_block = 128, compiled_cuts = 4;
    return g.scale == ScaleMode::block_1x128_128x128 && scale_block / std::gcd(scale_block, p.bn) > compiled_cuts;
}

// 64-row slices of the tile that one warpgroup multiplies.
int own_slices(const GemmPlan& p) {
    const int slices = (p.bm + slice_rows - 1) / slice_rows;
    return p.split_n ? slices : (slices + p.warpgroups - 1) / p.warpgroups;
}

// Instructions per accumulator and promotion. Selecting takes one each and a comparison per four columns, which the
// slices of a warpgroup share.
double instructions_per_accumulator(const GemmDesc& g, const GemmPlan& p) {
    if (g.scale == ScaleMode::block_1x128_1x128) { return 2.0; }  // row scale x column scale, then FFMA
    return selects_scale(g, p) ? 2.0 + 0.25 / own_slices(p) : 1.0;
}

// Column scales of a 1x128 x 1x128 product come from shared memory: two columns of every eight per thread.
double scale_read_cycles(const GemmDesc& g, const GemmPlan& p, const SystemConfig& c) {
    if (g.scale != ScaleMode::block_1x128_1x128) { return 0; }
    const double bytes = p.slice_columns / 8.0 * 2 * sizeof(float) * threads_per_warpgroup;
    return bytes / c.sm.smem.bandwidth.raw() + c.sm.smem.latency.raw();
}

double promotion_cycles(const GemmDesc& g, const GemmPlan& p, const SystemConfig& c) {
    const double drain = c.sm.tensor.wgmma_latency.raw();
    const double start = c.sm.cuda.promotion_start.raw();
    const double issue = c.sm.cuda.promotion_alone.raw() - drain - start;
    const double interval = std::max(1.0, issue / reference_accumulators);
    return start + accumulators(p) * instructions_per_accumulator(g, p) * interval + scale_read_cycles(g, p, c);
}

// One warpgroup alone promotes at an instruction per cycle and scheduler; the rest of CudaCoreConfig::promotion_alone
// (61 cycles) is the wait, the fence and the restart of the wgmmas, whatever the width (H200 deepgemm.json: 306, 370
// and 451 cycles per k-block for 64x64, 64x96 and 64x128).
double promotion_alone_cycles(const GemmDesc& g, const GemmPlan& p, const SystemConfig& c) {
    const double beside = c.sm.cuda.promotion_alone.raw() - c.sm.tensor.wgmma_latency.raw() - reference_accumulators;
    return std::max(0.0, beside) + accumulators(p) * instructions_per_accumulator(g, p) + scale_read_cycles(g, p, c);
}

// A k-block that ends with a promotion. `slice`: MMA cycles of 64 rows; `own`: slices of one warpgroup.
KBlockCycles promoted_cycles(const GemmDesc& g, const GemmPlan& p, double slice, int own, const SystemConfig& c) {
    const double drain = c.sm.tensor.wgmma_latency.raw();
    const double promotion = promotion_cycles(g, p, c);
    KBlockCycles r;
    r.tensor = slice * own * p.warpgroups;
    if (p.warpgroups == 1) {
        const double alone = promotion_alone_cycles(g, p, c);
        r.total = own * (slice + drain + alone);
        r.release = r.total - alone;
        return r;
    }
    // In phase: both promote at once, two warps per scheduler, one instruction per cycle.
    const double issue = promotion_instructions(g, p) / own / c.sm.cuda.fp32_lanes;
    const double both = std::max(promotion, issue);
    const double in_phase = own * (p.warpgroups * slice + drain + both);
    // kblock_sync contains a named barrier of one warpgroup, which only an order needs.
    const double named_barrier = block_barrier_cycles(warpgroup_warps, c.sm.sync);
    const double hand_over = c.sm.cuda.kblock_sync.raw() - (p.timed_by_stages && own == 1 ? named_barrier : 0);
    const double chain = own * (slice + drain + promotion) + hand_over;
    const double in_turn = std::max(r.tensor, chain);
    if (p.style == ConsumerStyle::cooperative || in_phase <= in_turn) {
        r.total = in_phase;
        r.release = in_phase - both;
    } else {
        r.total = in_turn;
        r.lag = in_turn / 2;  // the second warpgroup runs half a period behind
        r.release = in_turn + r.lag - promotion;
    }
    return r;
}

}  // namespace

MmaShape mma_shape(const GemmDesc& g, const GemmPlan& p, std::int64_t m, std::int64_t k) {
    MmaShape s;
    s.m = m;
    s.n = p.bn;
    s.k = k;
    s.dtype = p.fp8 ? DType::fp8_e4m3 : DType::bf16;
    s.group_scaled = p.group_scaled;
    s.transposed_a = !g.a_k_major;
    s.transposed_b = !g.b_k_major;
    return s;
}

double promotion_instructions(const GemmDesc& g, const GemmPlan& p) {
    if (!p.promoted) { return 0; }
    const double tile = static_cast<double>(p.bm) * p.bn;
    const double reads = g.scale == ScaleMode::block_1x128_1x128 ? p.bn / 8.0 * threads_per_warpgroup * p.bm / 64.0 : 0;
    return tile * instructions_per_accumulator(g, p) + reads;
}

KBlockCycles kblock_cycles(const GemmDesc& g, const GemmPlan& p, std::int64_t k, const TensorCoreIf& tensor,
                           const SystemConfig& c) {
    MmaShape shape = mma_shape(g, p, slice_rows, k);
    shape.n = p.slice_columns;
    const double slice = tensor.cycles(shape);
    const int own = own_slices(p);
    const double drain = c.sm.tensor.wgmma_latency.raw();
    KBlockCycles r;
    r.tensor = slice * own * p.warpgroups;
    r.total = r.tensor + c.sm.tensor.wgmma_issue.raw();
    r.release = r.total + drain;
    if (!p.promoted) { return r; }
    const KBlockCycles promoted = promoted_cycles(g, p, slice, own, c);
    const double often = std::min(1.0, static_cast<double>(k) / std::max(g.promotion_interval, 1));
    r.total += often * (promoted.total - r.total);
    r.release += often * (promoted.release - r.release);
    r.lag = often * promoted.lag;
    return r;
}

double epilogue_instructions(const GemmDesc& g, const GemmPlan& p) {
    const double tile = static_cast<double>(p.bm) * p.bn;
    const bool narrow = bits(g.d.dtype) < 32;
    // Packed conversion of two accumulators, their share of a stmatrix and of its swizzled address.
    double per_element = narrow ? 2.0 : 1.5;
    if (g.epilogue_cast) { per_element += 1.0; }  // group maximum and scaling
    // Scales of row and column, or alpha.
    if (p.epilogue_parts > 1) { per_element += g.scale == ScaleMode::row ? 2.0 : 1.0; }
    return tile * per_element;
}

// A warpgroup converts, then stores what it converted: with one or two warps per scheduler nothing of it overlaps. In
// parts, the next part is converted while the TMA reads the last one.
void plan_epilogue(const GemmDesc& g, const SystemConfig& c, GemmPlan& p) {
    const double tile = static_cast<double>(p.bm) * p.bn;
    const double stored = to_double(p.d_bytes) / c.sm.smem.bandwidth.raw();
    double convert = bits(g.d.dtype) < 32 ? tile * 0.5 / c.sm.cuda.convert_lanes : 0;
    if (g.epilogue_cast && c.sm.cuda.warp_cast) { convert = tile / c.sm.cuda.warp_cast_elements_per_clk; }
    const double issue = epilogue_instructions(g, p) / c.sm.cuda.fp32_lanes;
    const bool scalar = g.scale == ScaleMode::none || g.scale == ScaleMode::tensor_promoted;
    p.scale_read = is_fp8(g.a.dtype) && scalar ? c.l2.latency_far.raw() : 0;
    p.epilogue_start = p.full.lag + c.sm.tensor.wgmma_latency.raw();
    if (p.epilogue_parts > 1) {
        // A part: both barriers around the buffer, the fence before the TMA reads it, the store's issue.
        const double barrier = block_barrier_cycles(2 * warpgroup_warps, c.sm.sync);
        double serial =
            2 * barrier + c.sm.sync.proxy_fence.raw() + c.sm.smem.latency.raw() + c.tma.issue_interval.raw();
        double work = std::max({stored, convert, issue});
        if (g.tiling && g.tiling->group_descriptors) {
            // CUTLASS: a part is scaled, converted and staged by all warps in step, one after the other. Before the
            // first one come the extents of the tile's group and, row-wise, its scales: loads that nothing hides.
            work = stored + convert + issue;
            if (p.pingpong) { serial += lone_fences - c.sm.sync.proxy_fence.raw(); }
            p.epilogue_start += c.l2.latency_far.raw() * (g.scale == ScaleMode::row ? 2 : 1);
        }
        p.epilogue = serial + work / p.epilogue_parts;
        return;
    }
    // What does not fit in shared memory waits until the TMA has read the parts before it.
    const double unstaged = std::max(0.0, to_double(p.d_bytes) - to_double(p.d_room)) / c.l2.sm_port_write.raw();
    p.epilogue = stored + convert + issue + unstaged;
}

}  // namespace tessera
