#include "models/device/probes.hpp"
#include "sim/base/error.hpp"
#include "tests/support/probe_loops.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

TmaLoop loads(int stages) {
    TmaLoop loop;
    loop.copy_bytes = 6400;
    loop.stages = stages;
    loop.iterations = 8;
    loop.set_chunks = 8;
    return loop;
}

}  // namespace

TEST_CASE("one load in flight waits for each; several are paced by the thread, then by the port") {
    const SystemConfig c = with_producer();
    CHECK(probe_cycles(c, ghz, loads(1), 1) == Approx(7 * (425 + 20) + 425));
    SystemConfig wide = c;
    wide.l2.sm_port_read = wide.tma.bandwidth = wide.l2.cross_partition = wide.l2.bandwidth = bytes_per_cycle(1e6);
    // Eight issues, 100 cycles of the thread apart when the first copies are there.
    const double many = probe_cycles(wide, ghz, loads(4), 1);
    CHECK(many < probe_cycles(wide, ghz, loads(1), 1));
    CHECK(many >= 7 * (50 + 20));
    CHECK(probe_cycles(c, ghz, loads(4), 1) >= 8 * 100);  // 6400 B at 64 B/clk
    TmaLoop alone = loads(1);
    alone.timed_alone = true;
    CHECK(probe_cycles(c, ghz, alone, 1) == Approx(8 * 425));
}

TEST_CASE("rows of a box are asked for one after another") {
    SystemConfig c = with_producer();
    c.tma.request_interval = cycles(10);
    TmaLoop alone = loads(1);
    alone.timed_alone = true;
    alone.iterations = 1;
    alone.requests = 100;
    // A line comes after the mean of near and far.
    CHECK(probe_cycles(c, ghz, alone, 1) >= 100 * 10 + 250 + 100);
}

TEST_CASE("stores leave at the port's rate, sums slower, and one at a time with a gap") {
    SystemConfig c = round_system();  // 32 B/clk
    c.tma.store_overhead = cycles(40);
    TmaLoop loop = loads(1);
    loop.op = TmaLoop::Op::store;
    loop.timed_alone = true;
    CHECK(probe_cycles(c, ghz, loop, 1) == Approx(8 * (200 + 40)));
    loop.stages = 2;
    loop.behind = 1;
    CHECK(probe_cycles(c, ghz, loop, 1) == Approx(8 * 200 + 40));
    TmaLoop sum = loop;
    sum.op = TmaLoop::Op::reduce;
    CHECK(probe_cycles(c, ghz, sum, 1) > probe_cycles(c, ghz, loop, 1));
}

TEST_CASE("a loop of loads that shared memory cannot hold is refused") {
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, loads(100), 1), ModelError);
}

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
