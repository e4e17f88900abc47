#include "models/sm/gemm_schedule.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Cluster tiles of the `rest` rows (fewer than a cluster) of `across` tiles that are left beside the whole clusters.
std::int64_t rest_clusters(std::int64_t rest, std::int64_t across, int cluster) {
    return std::min(rest * ceil_div(across, cluster), rest > 0 ? across : 0);
}

}  // namespace

GemmSchedule::GemmSchedule(const GemmDesc& g, const GemmPlan& p, int sms)
    : gemm_(&g),
      bm_(p.bm),
      bn_(p.bn),
      bk_(p.bk),
      cluster_(p.cluster),
      cluster_m_(p.cluster_m),
      cluster_n_(p.cluster_n),
      multicast_a_(p.multicast_a),
      padded_(p.padded) {
    column_tiles_ = ceil_div(g.n, bn_);
    // Tiles in flight form a band of w tiles along the shared dimension and sms / w across it: of 8 and 16, the width
    // that reads fewer distinct rows and columns (DeepGEMM's rule).
    const auto distinct = [&](int w) {
        const int across = (sms + w - 1) / w;
        return multicast_a_ ? std::int64_t{w} * bn_ + std::int64_t{across} * bm_
                            : std::int64_t{w} * bm_ + std::int64_t{across} * bn_;
    };
    band_ = distinct(8) <= distinct(16) ? 8 : 16;
    const bool by_rows = g.form == GemmForm::grouped_m || g.form == GemmForm::masked_m;
    for (std::int64_t i = 0; i < g.groups(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        Group group;
        group.first = total_;
        group.m = by_rows ? g.group_sizes[at] : g.m;
        group.k = g.form == GemmForm::grouped_k ? g.group_sizes[at] : g.k;
        group.m_tiles = ceil_div(group.m, bm_);
        group.kblocks = ceil_div(group.k, bk_);
        group.row_tile = g.form == GemmForm::grouped_k ? 0 : row_tiles_;
        group.k_first = g.form == GemmForm::grouped_k ? kblocks_ : 0;
        const std::int64_t shared = multicast_a_ ? column_tiles_ : group.m_tiles;
        const std::int64_t other = multicast_a_ ? group.m_tiles : column_tiles_;
        group.clusters = shared / cluster_ * other + rest_clusters(shared % cluster_, other, cluster_);
        if (padded_) { group.clusters = ceil_div(group.m_tiles, cluster_m_) * ceil_div(column_tiles_, cluster_n_); }
        if (group.kblocks == 0) { group.clusters = 0; }
        if (g.form != GemmForm::grouped_k || i == 0) { row_tiles_ += group.m_tiles; }
        kblocks_ = g.form == GemmForm::grouped_k ? kblocks_ + group.kblocks : group.kblocks;
        total_ += group.clusters;
        groups_.push_back(group);
    }
    if (total_ == 0) { throw ModelError("a grouped GEMM without rows has nothing to run"); }
}

// Clusters along m first, then along n; the last ones reach over the edge.
ClusterTile GemmSchedule::padded_tile(const Group& g, std::int64_t in_group) const {
    const std::int64_t down = ceil_div(g.m_tiles, cluster_m_);
    ClusterTile t;
    t.m_tile = in_group % down * cluster_m_;
    t.n_tile = in_group / down * cluster_n_;
    t.rows = static_cast<int>(std::min<std::int64_t>(cluster_m_, g.m_tiles - t.m_tile));
    t.cols = static_cast<int>(std::min<std::int64_t>(cluster_n_, column_tiles_ - t.n_tile));
    t.shared = t.tiles() > 1;
    return t;
}

void GemmSchedule::dealt_tile(const Group& g, std::int64_t in_group, ClusterTile& t) const {
    // The band runs along the dimension whose neighbours share an operand: n when A is shared, m when B is.
    const std::int64_t along = multicast_a_ ? column_tiles_ : g.m_tiles;
    const std::int64_t across = multicast_a_ ? g.m_tiles : column_tiles_;
    const std::int64_t whole = along / cluster_;  // cluster tiles along; the odd rest follows at the end
    std::int64_t first = 0, second = 0;
    int tiles = cluster_;
    bool along_n = multicast_a_;
    if (in_group < whole * across) {
        const std::int64_t band = std::max<std::int64_t>(1, band_ / cluster_);
        const std::int64_t per_band = band * across;
        const std::int64_t start = in_group / per_band * band;
        const std::int64_t width = std::min(band, whole - start);
        const std::int64_t inside = in_group % per_band;
        first = (start + inside % width) * cluster_;
        second = inside / width;
        t.shared = cluster_ > 1;
    } else {
        const std::int64_t at = in_group - whole * across, per_row = ceil_div(across, cluster_);
        const std::int64_t rest = along - whole * cluster_;
        first = whole * cluster_;
        if (rest * per_row <= across) {  // each row alone, clusters across it
            first += at / per_row;
            second = at % per_row * cluster_;
            tiles = static_cast<int>(std::min<std::int64_t>(cluster_, across - second));
            along_n = !multicast_a_;
        } else {  // a narrower cluster that still shares
            second = at;
            tiles = static_cast<int>(rest);
            t.shared = rest > 1;
        }
    }
    (along_n ? t.cols : t.rows) = tiles;
    t.m_tile = multicast_a_ ? second : first;
    t.n_tile = multicast_a_ ? first : second;
}

ClusterTile GemmSchedule::tile(std::int64_t index) const {
    invariant(index >= 0 && index < total_, "a GEMM tile outside the grid");
    const auto after = std::upper_bound(groups_.begin(), groups_.end(), index,
                                        [](std::int64_t i, const Group& g) { return i < g.first; });
    const Group& g = *std::prev(after);
    ClusterTile t;
    if (padded_) {
        t = padded_tile(g, index - g.first);
    } else {
        dealt_tile(g, index - g.first, t);
    }
    t.group = static_cast<int>(std::distance(groups_.begin(), after)) - 1;
    t.a_row_tile = g.row_tile + t.m_tile;
    t.rows_left = g.m - t.m_tile * bm_;
    t.cols_left = gemm_->n - t.n_tile * bn_;
    t.k = g.k;
    t.kblocks = g.kblocks;
    t.k_first = g.k_first;
    return t;
}

}  // namespace tessera
