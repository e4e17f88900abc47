#include "models/sm/sync_costs.hpp"

#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

SystemConfig h200_like() {
    SystemConfig c = testing::round_system();  // L2 200 near, 300 far
    SyncConfig& s = c.sm.sync;
    s.block_barrier = cycles(23);
    s.block_barrier_warp = cycles(2);
    s.block_barrier_least = cycles(29);
    s.cluster_barrier = cycles(376);
    s.cluster_barrier_block = cycles(14);
    s.fence_gpu = cycles(400);
    s.acquire = cycles(100);
    s.far_side = cycles(500);
    s.same_address = cycles(2);
    return c;
}

}  // namespace

TEST_CASE("a block's barrier takes its warps one after another, a cluster's grows with every doubling") {
    const SyncConfig s = h200_like().sm.sync;
    CHECK(block_barrier_cycles(1, s) == 29);
    CHECK(block_barrier_cycles(4, s) == 31);
    CHECK(block_barrier_cycles(32, s) == 87);
    CHECK(cluster_barrier_cycles(2, s) == 376);
    CHECK(cluster_barrier_cycles(8, s) == Approx(404));
}

TEST_CASE("a flag's round trip is two fences, two stores and two polls, and longer to the far side") {
    const SystemConfig c = h200_like();  // load 250, poll 350
    CHECK(flag_round_trip_cycles(false, c) == Approx(2 * (400 + 125 + 175 + 125 + 50)));
    CHECK(flag_round_trip_cycles(true, c) - flag_round_trip_cycles(false, c) == Approx(500));
}

TEST_CASE("a grid barrier costs more with more blocks") {
    const SystemConfig c = h200_like();
    CHECK(grid_barrier_cycles(1, 1, false, c) == Approx(2 * 29 + 400 + 350));
    double before = 0;
    for (const int blocks : {1, 2, 4, 8, 16, 132}) {
        CHECK(grid_barrier_cycles(blocks, 8, true, c) > grid_barrier_cycles(blocks, 8, false, c) - 500);
        CHECK(grid_barrier_cycles(blocks, 8, false, c) > before);
        before = grid_barrier_cycles(blocks, 8, false, c);
    }
}
