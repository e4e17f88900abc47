#include "sim/base/error.hpp"
#include "tests/unit/sim/replay/replay_fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

TEST_CASE("a graph that waits for itself is reported with its chain") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0"), s1 = b.stream("s1");
    b.task("first", s0, prices.add(1));
    b.task("a", s0, prices.add(1), {4});
    b.task("b", s0, prices.add(1));
    b.task("c", s1, prices.add(1), {2});
    b.task("d", s1, prices.add(1));
    CHECK_THROWS_WITH(run(b, prices, system),
                      Catch::Contains("rank 0") && Catch::Contains("\"a\" (stream s0) waits for \"d\" (stream s1)") &&
                          Catch::Contains("queued behind \"c\"") && Catch::Contains("a circle"));
    CHECK_THROWS_AS(run(b, prices, system), ModelError);
}

// Two barriers of 100 SMs on two streams: rank 0 reaches the first one first, rank 1 the second. Each holds the SMs
// that the other rank waits for.
TEST_CASE("kernels that starve each other of SMs across ranks are named") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0", StreamRole::compute, 16), s1 = b.stream("s1", StreamRole::compute, 16);
    BarrierDesc wide;
    wide.ranks = 2;
    wide.sms = 100;
    const int quick = prices.add(1), slow = prices.add(50), notify = prices.add(5);
    b.task("lead 0", s0, quick);
    b.task("meet 0", s0, notify, {}, wide);
    b.task("lead 1", s1, slow);
    b.task("meet 1", s1, notify, {}, wide);
    CHECK(run(b, prices, system).timeline.spans.size() == 4);  // a rank alone meets itself
    CHECK_THROWS_WITH(run(b, prices, system, {{b.kernels}, {{slow, notify, quick, notify}}}),
                      Catch::Contains("\"meet 1\" (stream s1) waits for SMs that never fall free"));
}
