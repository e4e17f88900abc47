// Order in which a persistent GEMM walks its output tiles, and what each tile reads.
#pragma once

#include "models/sm/gemm_plan.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

// What one cluster works on at a time: neighbouring tiles that share operands.
struct ClusterTile {
    int group = 0;
    std::int64_t m_tile = 0, n_tile = 0;        // of the first tile; within the group
    int rows = 1, cols = 1;                     // valid tiles (fewer than the cluster at the edge), row by row
    bool shared = false;                        // they share operands; at an odd edge each may work alone
    std::int64_t a_row_tile = 0;                // row tile over all groups (A and D blocks)
    std::int64_t rows_left = 0, cols_left = 0;  // valid extent from the first tile's corner to the group's edge
    std::int64_t kblocks = 0, k = 0;            // of the group
    std::int64_t k_first = 0;                   // k-blocks of the groups before (grouped_k)

    int tiles() const { return rows * cols; }
    std::int64_t down(int part) const { return part / cols; }  // row tiles from the first tile to `part`
    std::int64_t right(int part) const { return part % cols; }
    bool a_shared() const { return shared && cols > 1; }
    bool b_shared() const { return shared && rows > 1; }
    // Distinct loads of an operand: the part that asks, and how many parts receive it.
    int a_loads() const { return a_shared() ? rows : tiles(); }
    int b_loads() const { return b_shared() ? cols : tiles(); }
    int a_part(int load) const { return a_shared() ? load * cols : load; }
    int b_part(int load) const { return load; }
};

class GemmSchedule {
public:
    GemmSchedule(const GemmDesc& gemm, const GemmPlan& plan, int sms);

    std::int64_t count() const { return total_; }  // cluster tiles
    // The `index`-th cluster tile: groups in order; inside a group, bands of tiles along the shared dimension so
    // that the tiles in flight at a time read few distinct rows of A and columns of B. A padded grid is walked as
    // CUTLASS's persistent schedulers do without a swizzle: column by column.
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
    ClusterTile padded_tile(const Group& g, std::int64_t in_group) const;
    void dealt_tile(const Group& g, std::int64_t in_group, ClusterTile& t) const;

    int bm_, bn_, bk_, cluster_, cluster_m_, cluster_n_;
    bool multicast_a_, padded_;
    int band_ = 8;
    std::int64_t column_tiles_ = 0, row_tiles_ = 0, kblocks_ = 0, total_ = 0;
    std::vector<Group> groups_;
};

}  // namespace tessera
