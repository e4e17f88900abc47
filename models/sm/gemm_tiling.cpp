#include "models/sm/gemm_tiling.hpp"

#include "models/sm/gemm_plan.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

struct Candidate {
    int bm = 0, bn = 0, stages = 0, cluster = 1;
    bool multicast_a = false;
    double cost = 0;
};

int k_block(const GemmDesc& g) { return is_fp8(g.a.dtype) || g.fused_cast_a ? 128 : 64; }

std::int64_t largest_group_rows(const GemmDesc& g) {
    if (g.form != GemmForm::grouped_m && g.form != GemmForm::masked_m) { return g.m; }
    std::int64_t rows = 1;
    for (const std::int64_t r : g.group_sizes) { rows = std::max(rows, r); }
    return rows;
}

// Cycles of the whole grid by the library's cost model, which counts data movement only: per tile and k-block the
// larger of shared-memory reads (128 B/clk) and L2 reads (64 B/clk and SM, 6154 B/clk in all), times waves.
double grid_cost(const GemmDesc& g, const Candidate& c, int sms) {
    const int bk = k_block(g);
    const double element = is_fp8(g.a.dtype) || g.fused_cast_a ? 1 : 2;
    const double a = static_cast<double>(c.bm) * bk * element, b = static_cast<double>(c.bn) * bk * element;
    const double shared_share = 1.0 / c.cluster;
    const double l2_bytes = a * (c.multicast_a ? shared_share : 1) + b * (c.multicast_a ? 1 : shared_share);
    const auto slices = static_cast<double>(ceil_div(c.bm, 64));
    const double l1 = (a + slices * b) / 128.0;
    constexpr double l2_per_sm = 64.0, l2_total = 6154.0;
    const double l2 = l2_bytes / std::min(l2_per_sm, l2_total / sms);
    return static_cast<double>(ceil_div(count_tiles(g, c.bm, c.bn), sms)) * std::max(l1, l2);
}

bool legal(const GemmDesc& g, int bm, int bn) {
    if (bm > 128 && bn > 128) { return false; }
    const bool fp8 = is_fp8(g.a.dtype) || g.fused_cast_a;
    const int limit = g.scale == ScaleMode::block_1x128_1x128 ? 160 : (fp8 ? 192 : 256);
    return bn <= limit;
}

// The cluster shares A (along n) or B (along m); the extent along it must divide into pairs.
void add_cluster(const GemmDesc& g, int sms, const SystemConfig& s, Candidate& c) {
    constexpr int pair = 2;
    if (s.tma.max_multicast < pair || sms % pair != 0) { return; }
    const std::int64_t m_tiles = ceil_div(largest_group_rows(g), c.bm), n_tiles = ceil_div(g.n, c.bn);
    Candidate best = c;
    for (const bool a : {false, true}) {
        if ((a ? n_tiles : m_tiles) % pair != 0) { continue; }
        Candidate t = c;
        t.cluster = pair;
        t.multicast_a = a;
        t.cost = grid_cost(g, t, sms);
        if (t.cost < best.cost) { best = t; }
    }
    c = best;
}

}  // namespace

std::int64_t count_tiles(const GemmDesc& g, int bm, int bn) {
    const std::int64_t n_tiles = ceil_div(g.n, bn);
    if (g.form == GemmForm::grouped_k) { return g.groups() * ceil_div(g.m, bm) * n_tiles; }
    if (g.form == GemmForm::dense) { return ceil_div(g.m, bm) * n_tiles; }
    std::int64_t m_tiles = 0;
    for (const std::int64_t rows : g.group_sizes) { m_tiles += ceil_div(rows, bm); }
    return m_tiles * n_tiles;
}

GemmTiling choose_tiling(const GemmDesc& g, int sms, const SystemConfig& s) {
    constexpr int least_stages = 4, least_stages_of_256_rows = 3;
    const int bk = k_block(g);
    Candidate best;
    for (const int bm : {64, 128, 256}) {
        if (g.form == GemmForm::grouped_m && bm != 128) { continue; }  // groups start on multiples of 128 rows
        const bool narrow =
            g.form == GemmForm::masked_m || g.form == GemmForm::grouped_k || g.scale == ScaleMode::block_1x128_1x128;
        if (narrow && bm == 256) { continue; }
        const bool both_scaled = g.scale == ScaleMode::block_1x128_1x128;
        for (int bn = 16; bn <= 256; bn += both_scaled ? 8 : 16) {
            if (!legal(g, bm, bn)) { continue; }
            Candidate c{bm, bn, stages_that_fit(g, bm, bn, bk, s), 1, false, 0};
            if (c.stages < (bm == 256 ? least_stages_of_256_rows : least_stages)) { continue; }
            c.cost = grid_cost(g, c, sms);
            add_cluster(g, sms, s, c);
            const bool wider = c.cost == best.cost && c.bm * c.bn > best.bm * best.bn;
            if (best.bm == 0 || c.cost < best.cost || wider) { best = c; }
        }
    }
    if (best.bm == 0) { throw ModelError("no tile of this GEMM fits in shared memory with the stages it needs"); }
    GemmTiling t;
    t.bm = best.bm;
    t.bn = best.bn;
    t.bk = bk;
    t.stages = 0;
    t.cluster = best.cluster;
    t.multicast_a = best.multicast_a;
    return t;
}

}  // namespace tessera
