#include "models/sm/gemm_schedule.hpp"

#include "sim/base/error.hpp"
#include "tests/support/gemm.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <tuple>

using namespace tessera;
using namespace tessera::testing;

namespace {

GemmPlan plan(int cluster = 1, bool multicast_a = false) {
    GemmPlan p;
    p.bm = p.bn = p.bk = 128;
    p.cluster = cluster;
    p.multicast_a = multicast_a;
    return p;
}

// Every (group, row tile, column tile) of the schedule, which must be distinct.
std::set<std::tuple<int, std::int64_t, std::int64_t>> cover(const GemmSchedule& s) {
    std::set<std::tuple<int, std::int64_t, std::int64_t>> seen;
    for (std::int64_t i = 0; i < s.count(); ++i) {
        const ClusterTile t = s.tile(i);
        for (int p = 0; p < t.tiles(); ++p) {
            CHECK(seen.emplace(t.group, t.m_tile + t.down(p), t.n_tile + t.right(p)).second);
        }
    }
    return seen;
}

}  // namespace

TEST_CASE("every tile is worked on once, with and without clusters, odd edges included") {
    for (const int cluster : {1, 2, 4}) {
        for (const bool a : {false, true}) {
            for (const auto& [m, n] : {std::pair<int, int>{1, 1}, {5, 7}, {8, 3}, {3, 16}, {17, 9}, {1, 40}}) {
                const GemmDesc g = fp8_gemm(m * 128, n * 128, 512);
                const GemmSchedule s(g, plan(cluster, a), 132);
                CHECK(cover(s).size() == static_cast<std::size_t>(m * n));
            }
        }
    }
}

TEST_CASE("ragged edges leave partial tiles") {
    const GemmDesc g = fp8_gemm(200, 300, 300);
    const GemmSchedule s(g, plan(), 132);
    CHECK(s.count() == 2 * 3);
    CHECK(s.kblocks() == 3);
    for (std::int64_t i = 0; i < s.count(); ++i) {
        const ClusterTile t = s.tile(i);
        CHECK(t.rows_left == 200 - 128 * t.m_tile);
        CHECK(t.cols_left == 300 - 128 * t.n_tile);
    }
}

TEST_CASE("groups of rows keep their own columns of B and skip empty groups") {
    GemmDesc g = fp8_gemm(640, 256, 512);
    g.form = GemmForm::grouped_m;
    g.group_sizes = {256, 0, 384};
    const GemmSchedule s(g, plan(), 132);
    CHECK(s.count() == (2 + 3) * 2);
    CHECK(s.row_tiles() == 5);
    for (std::int64_t i = 0; i < s.count(); ++i) {
        const ClusterTile t = s.tile(i);
        CHECK(t.group != 1);
        CHECK(t.a_row_tile == (t.group == 0 ? 0 : 2) + t.m_tile);
    }
}

TEST_CASE("groups along k have their own depth and output") {
    GemmDesc g = fp8_gemm(256, 256, 128 + 384);
    g.form = GemmForm::grouped_k;
    g.group_sizes = {128, 384};
    const GemmSchedule s(g, plan(), 132);
    CHECK(s.count() == 2 * 4);
    CHECK(s.kblocks() == 4);
    CHECK(s.tile(0).kblocks == 1);
    CHECK(s.tile(7).kblocks == 3);
    CHECK(s.tile(7).k_first == 1);
    CHECK(s.row_tiles() == 2);
}

TEST_CASE("tiles in flight form a band, so few distinct panels are read at a time") {
    const GemmDesc g = fp8_gemm(4096, 7168, 2048);
    const GemmSchedule s(g, plan(), 112);
    std::set<std::int64_t> rows, columns;
    for (std::int64_t i = 0; i < 112; ++i) {
        rows.insert(s.tile(i).m_tile);
        columns.insert(s.tile(i).n_tile);
    }
    CHECK(rows.size() == static_cast<std::size_t>(s.band()));
    CHECK(columns.size() == 112 / static_cast<std::size_t>(s.band()));
}

TEST_CASE("nothing to run is refused") {
    GemmDesc g = fp8_gemm(128, 256, 512);
    g.form = GemmForm::grouped_m;
    g.group_sizes = {0, 0};
    CHECK_THROWS_AS(GemmSchedule(g, plan(), 132), ModelError);
}

TEST_CASE("padded clusters reach over the edge and share both operands") {
    GemmDesc g = fp8_gemm(3 * 128 + 64, 3 * 128, 512);
    g.form = GemmForm::grouped_m;
    g.group_sizes = {64, 3 * 128};
    GemmPlan p = plan(4);
    p.cluster_m = p.cluster_n = 2;
    p.padded = true;
    const GemmSchedule s(g, p, 132);
    // 1 x 3 and 3 x 3 tiles in clusters of 2 x 2: 1 x 2 and 2 x 2 clusters.
    CHECK(s.count() == 2 + 4);
    CHECK(cover(s).size() == 3 + 9);
    const ClusterTile inside = s.tile(2), corner = s.tile(5);
    CHECK(inside.tiles() == 4);
    CHECK(inside.a_loads() == 2);
    CHECK(inside.b_loads() == 2);
    CHECK(inside.down(inside.a_part(1)) == 1);
    CHECK(inside.right(inside.b_part(1)) == 1);
    CHECK(corner.tiles() == 1);
    CHECK_FALSE(corner.a_shared());
    CHECK(s.tile(3).m_tile == 2);  // along m first
}
