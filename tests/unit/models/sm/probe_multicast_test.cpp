#include "models/device/probes.hpp"
#include "sim/base/error.hpp"
#include "tests/support/probe_loops.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

TEST_CASE("multicast reads a tile once and waits for every block's arrival") {
    SystemConfig c = with_producer();
    c.sm.sync.cluster_arrive = cycles(300);
    c.sm.sync.cluster_release = cycles(500);
    MulticastLoop loop;
    loop.iterations = 16;
    const double one = probe_cycles(c, ghz, loop, 1);
    CHECK(one >= 16 * 800);
    loop.cluster = 2;
    const double apart = probe_cycles(c, ghz, loop, 2);
    loop.multicast = true;
    CHECK(apart >= one + 15 * 300);
    CHECK(probe_cycles(c, ghz, loop, 2) <= apart);
    CHECK_THROWS_AS(probe_cycles(c, ghz, loop, 3), ModelError);
}
