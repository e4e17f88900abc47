#include "models/device/probes.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

namespace {

const Frequency ghz = megahertz(1000);

WgmmaLoop wgmmas(int n, int warpgroups, bool drain) {
    WgmmaLoop loop;
    loop.n = n;
    loop.warpgroups = warpgroups;
    loop.drain = drain;
    loop.iterations = 10;
    return loop;
}

}  // namespace

TEST_CASE("a loop of wgmmas fills the Tensor Cores, and one that drains waits for each group") {
    const SystemConfig c = round_system();  // m64n128k32 in 64 cycles, results 10 cycles later
    CHECK(probe_cycles(c, ghz, wgmmas(128, 1, false)) == Approx(10 * 4 * 64 + 10));
    CHECK(probe_cycles(c, ghz, wgmmas(128, 2, false)) == Approx(2 * 10 * 4 * 64 + 10));
    CHECK(probe_cycles(c, ghz, wgmmas(128, 1, true)) == Approx(10 * (4 * 64 + 10)));
    // Two warpgroups hide each other's drain.
    CHECK(probe_cycles(c, ghz, wgmmas(128, 2, true)) == Approx(2 * 10 * 4 * 64 + 10));
}

TEST_CASE("faster Tensor Cores are never slower, and the clock does not change cycles") {
    SystemConfig fast = round_system();
    fast.sm.tensor.fp8_mac_per_clk *= 2;
    for (const int n : {8, 64, 256}) {
        CHECK(probe_cycles(fast, ghz, wgmmas(n, 1, false)) <= probe_cycles(round_system(), ghz, wgmmas(n, 1, false)));
        CHECK(probe_cycles(fast, megahertz(1700), wgmmas(n, 1, false)) ==
              Approx(probe_cycles(fast, ghz, wgmmas(n, 1, false))).epsilon(1e-6));
    }
}

TEST_CASE("a wgmma that does not exist is refused") {
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, wgmmas(260, 1, false)), ModelError);
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, wgmmas(12, 1, false)), ModelError);
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, wgmmas(128, 17, false)), ModelError);
}

namespace {

SystemConfig with_producer() {
    SystemConfig c = round_system();  // L2 hit of 6400 B in 325 cycles, 100 of TMA overhead
    c.tma.producer_issue = cycles(50);
    c.tma.producer_wait = cycles(30);
    c.tma.producer_wake = cycles(20);
    return c;
}

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
    CHECK(probe_cycles(c, ghz, alone, 1) >= 100 * 10 + 300 + 100);
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

TEST_CASE("promotion: alone in series, two in phase or in turn, three without a gap") {
    SystemConfig c = round_system();  // 256 of MMA, 10 of drain, 128 of promotion
    PromotionLoop loop;
    loop.promotes = true;
    const auto each = [&](int warpgroups, bool ordered) {
        PromotionLoop l = loop;
        l.warpgroups = warpgroups;
        l.ordered = ordered;
        return probe_cycles(c, ghz, l) / l.kblocks;
    };
    CHECK(each(1, false) == Approx(256 + 138).epsilon(0.001));
    CHECK(each(2, false) == Approx(512 + 138).epsilon(0.001));
    c.sm.tensor.wgmma_interval = cycles(20);  // the second may begin 80 cycles after the first
    CHECK(each(2, true) == Approx(512 + 138 - 80).epsilon(0.01));
    CHECK(each(3, false) < 768 * 1.03);
    loop.promotes = false;
    CHECK(each(2, false) == Approx(512).epsilon(0.001));
    loop.filled = 32768;
    c.sm.smem.fill_bandwidth = bytes_per_cycle(128);
    CHECK(each(2, false) == Approx(384 + 256).epsilon(0.001));  // fetch and fill on one port
}

TEST_CASE("pipes, shared memory, blocks, atomics and fences follow their figures") {
    SystemConfig c = round_system();
    CudaLoop fp32;
    fp32.fp32 = 64;
    CHECK(probe_cycles(c, ghz, fp32) == Approx(64.0 * 32 * 32 * fp32.iterations / 128));
    fp32.warps = 1;
    fp32.chain = 100;
    c.sm.cuda.dependent_issue = cycles(4);
    CHECK(probe_cycles(c, ghz, fp32) == Approx(400.0 * fp32.iterations));
    SmemLoop reads;
    CHECK(probe_cycles(c, ghz, reads) == Approx(64.0 * (16 * 4 + 20 + 20)).epsilon(0.01));
    reads.warps = 16;
    CHECK(probe_cycles(c, ghz, reads) == Approx(64.0 * 16 * 16).epsilon(0.01));
    BlockLoop blocks;
    c.sm.sync.cta_turn = cycles(300);
    c.sm.cta_launch_interval = cycles(100);
    blocks.resident = 1;
    CHECK(probe_cycles(c, ghz, blocks) == Approx(300.0 * blocks.blocks));
    blocks.resident = 8;
    CHECK(probe_cycles(c, ghz, blocks) == Approx(100.0 * blocks.blocks).epsilon(0.01));
    AtomicLoop sums;
    CHECK(probe_cycles(c, ghz, sums) >= 256 * 128 * 1.25 / 32);
    c.sm.sync.fence_gpu = cycles(400);
    c.sm.sync.fence_system = cycles(1000);
    FenceLoop fence;
    CHECK(probe_cycles(c, ghz, fence) == Approx(400));
    fence.stored = 3200;
    // Half of the stores cross to the other partition at 128 B/clk, where they arrive 100 cycles later.
    CHECK(probe_cycles(c, ghz, fence) == Approx(400 + 3200 / 2 / 128.0 + 100));
    fence.scope = FenceScope::system;
    CHECK(probe_cycles(c, ghz, fence) == Approx(1000));
}
