// Order in which a persistent GEMM walks its output tiles, and what each tile reads.
#pragma once

#include "models/sm/gemm_plan.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

// What one cluster works on at a time: `cluster` neighbouring tiles that share one operand.
struct ClusterTile {
    int group = 0;
    std::int64_t m_tile = 0, n_tile = 0;        // of the first tile; within the group
    int tiles = 1;                              // valid tiles (fewer than the cluster at the last, odd tile)
    bool shared = false;                        // they share an operand; at an odd edge each works alone
    bool along_n = false;                       // neighbours along n (else along m)
    std::int64_t a_row_tile = 0;                // row tile over all groups (A and D blocks)
    std::int64_t rows_left = 0, cols_left = 0;  // valid extent from the first tile's corner to the group's edge
    std::int64_t kblocks = 0, k = 0;            // of the group
    std::int64_t k_first = 0;                   // k-blocks of the groups before (grouped_k)

    std::int64_t down(int part) const { return along_n ? 0 : part; }  // row tiles from the first tile to `part`
    std::int64_t right(int part) const { return along_n ? part : 0; }
    bool a_shared() const { return shared && along_n; }
    bool b_shared() const { return shared && !along_n; }
};

class GemmSchedule {
public:
    GemmSchedule(const GemmDesc& gemm, const GemmPlan& plan, int sms);

    std::int64_t count() const { return total_; }  // cluster tiles
    // The `index`-th cluster tile: groups in order; inside a group, bands of tiles along the shared dimension so
    // that the tiles in flight at a time read few distinct rows of A and columns of B.
    ClusterTile tile(std::int64_t index) const;

    std::int64_t row_tiles() const { return row_tiles_; }        // over all groups
    std::int64_t column_tiles() const { return column_tiles_; }  // per group
    std::int64_t kblocks() const { return kblocks_; }            // over all groups (grouped_k) or of the product
    int band() const { return band_; }

private:
    struct Group {
        std::int64_t first = 0;  // cluster tiles before
        std::int64_t m_tiles = 0, m = 0, k = 0, kblocks = 0;
        std::int64_t row_tile = 0, k_first = 0;
        std::int64_t clusters = 0;
    };
    const GemmDesc* gemm_;
    int bm_, bn_, bk_, cluster_;
    bool multicast_a_;
    int band_ = 8;
    std::int64_t column_tiles_ = 0, row_tiles_ = 0, kblocks_ = 0, total_ = 0;
    std::vector<Group> groups_;
};

}  // namespace tessera
