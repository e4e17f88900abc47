// covers: sim/replay/plan.cpp sim/replay/rank.cpp sim/replay/rank_resources.cpp sim/replay/span_log.cpp
#include "sim/replay/replay.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/replay/replay_fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

TEST_CASE("tasks of one stream follow each other with the launch gap") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s = b.stream("compute");
    b.task("a", s, prices.add(10));
    b.task("b", s, prices.add(5));
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "a").start == Time::zero());
    CHECK(span(o, "a").end == microseconds(10));
    CHECK(span(o, "b").start == microseconds(12));
    CHECK(span(o, "b").end == microseconds(17));
    CHECK(o.timeline.wall == microseconds(17));
    CHECK(o.timeline.gap_time == microseconds(2));
    CHECK(o.critical.steps.size() == 2);
    CHECK(o.critical.share.at("gap") == Approx(2.0 / 17));
    CHECK(o.critical.share.at("tensor_core") == Approx(15.0 / 17));
}

TEST_CASE("recorded gaps take the place of the system's, before the first task too") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s = b.stream("compute"), other = b.stream("other");
    const TaskId a = b.task("a", s, prices.add(10));
    b.task("b", s, prices.add(5));
    b.task("c", other, prices.add(1), {a});
    ReplayInput in;
    in.graph = &b.graph;
    in.system = &system;
    in.ranks = {{b.kernels}};
    in.recorded = true;
    in.gaps = {microseconds(7), Time::max(), microseconds(3)};
    const ReplayOutcome o = replay(in, prices);
    CHECK(span(o, "a").start == microseconds(7));
    CHECK(span(o, "b").start == microseconds(19));  // the system's launch gap
    CHECK(span(o, "c").start == microseconds(20));
}

TEST_CASE("an event wait holds the other stream back") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0"), s1 = b.stream("s1", StreamRole::communication);
    const TaskId a = b.task("a", s0, prices.add(10));
    b.task("b", s1, prices.add(3), {a}, ExchangeDesc{});
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "b").start == microseconds(12) + femtoseconds(1));
    CHECK(o.critical.steps.front().task == a);
}

// The persistent kernel on the stream of the common predecessor is launched before the event reaches the other
// stream: the one-shot grid there finds only what it leaves.
TEST_CASE("after a common predecessor its own stream launches first") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0"), s1 = b.stream("s1", StreamRole::communication);
    const TaskId a = b.task("a", s0, prices.add(10));
    b.task("cast", s1, prices.add(33, 0, 0, true), {a});
    b.task("gemm", s0, prices.add(400), {}, StreamDesc{}, 112);
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "gemm").start == microseconds(12));
    CHECK(span(o, "gemm").sms == 112);
    CHECK(span(o, "cast").sms == 20);
    CHECK(span(o, "cast").end - span(o, "cast").start == microseconds(33) * (132.0 / 20));
}

TEST_CASE("repeats run back to back with gaps inside the span") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    b.task("tiny", b.stream("s"), prices.add(3));
    b.graph.tasks[0].repeat = 4;
    const ReplayOutcome o = run(b, prices, system);
    CHECK(o.timeline.wall == microseconds(4 * 3 + 3 * 2));
    CHECK(span(o, "tiny").kernels == 4);
}

// Both ask for all of HBM and hold as many SMs: each moves its bytes at half the rate.
TEST_CASE("two kernels that each need all of HBM take twice as long") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0", StreamRole::compute, 66), s1 = b.stream("s1", StreamRole::compute, 66);
    b.task("a", s0, prices.add(100, 1.0));
    b.task("b", s1, prices.add(100, 1.0));
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "a").end == microseconds(200));
    CHECK(span(o, "b").end == microseconds(200));
    CHECK(span(o, "a").alone == microseconds(100));
    CHECK(o.critical.share.at("hbm") == Approx(1.0));
}

// The stream takes what the GEMM leaves; when the GEMM ends it has the memory to itself:
// 100 us at rate 0.6 leave 40 us of work.
TEST_CASE("a compute-bound kernel keeps its time until its demand exceeds its share") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0", StreamRole::compute, 66), s1 = b.stream("s1", StreamRole::compute, 66);
    b.task("gemm", s0, prices.add(100, 0.4));
    b.task("stream", s1, prices.add(100, 1.0));
    SECTION("below its share") {
        const ReplayOutcome o = run(b, prices, system);
        CHECK(span(o, "gemm").end == microseconds(100));
        CHECK(to_microseconds(span(o, "stream").end) == Approx(140));
    }
    SECTION("above its share: 0.8 of the memory, gets 0.5") {
        prices.result(0).traffic.hbm_read = bytes(80'000'000);
        const ReplayOutcome o = run(b, prices, system);
        // Both run at their share until the GEMM has moved its bytes at half the memory's rate.
        CHECK(to_microseconds(span(o, "gemm").end) == Approx(160));
        CHECK(to_microseconds(span(o, "stream").end) == Approx(160 + (100 - 80)));
    }
}

TEST_CASE("a barrier ends when the last rank has arrived plus its own latency") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s = b.stream("s");
    BarrierDesc barrier;
    barrier.ranks = 2;
    const int fast = prices.add(10), slow = prices.add(25), notify = prices.add(5), tail = prices.add(1);
    b.task("work", s, fast);
    b.task("notify", s, notify, {}, barrier);
    b.task("after", s, tail);
    const ReplayOutcome o = run(b, prices, system, {{b.kernels}, {{slow, notify, tail}}});
    CHECK(span(o, "notify").start == microseconds(12));
    CHECK(span(o, "notify").end == microseconds(27 + 5));
    CHECK(span(o, "notify").waited == microseconds(15));
    CHECK(o.critical.waited == microseconds(15));
    CHECK(o.critical.share.at("wait") == Approx(15.0 / 35));
    CHECK(o.finished == std::vector<Time>{microseconds(35), microseconds(35)});
}

TEST_CASE("an exchange ends on every rank when the last has moved its bytes") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s = b.stream("s");
    ExchangeDesc exchange;
    exchange.ranks = 2;
    const int light = prices.add(30), heavy = prices.add(50);
    b.task("dispatch", s, light, {}, exchange);
    const ReplayOutcome o = run(b, prices, system, {{{light}}, {{heavy}}});
    CHECK(span(o, "dispatch").end == microseconds(50));
    CHECK(span(o, "dispatch").waited == microseconds(20));
    CHECK(span(o, "dispatch").alone == microseconds(30));
    exchange.ranks = 1;
    b.graph.tasks[0].kernel = exchange;
    CHECK(run(b, prices, system, {{{light}}, {{heavy}}}).timeline.wall == microseconds(30));
}

// 20 SMs communicate for 100 us; the grid runs on 112 until then (100 us of its 132/112 x 200), then on 132.
TEST_CASE("a one-shot grid leaves the communication kernel its SMs and takes them back") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId compute = b.stream("compute"), comm = b.stream("comm", StreamRole::communication);
    ExchangeDesc exchange;
    exchange.sms = 20;
    b.task("grid", compute, prices.add(200, 0, 0, true));
    b.task("dispatch", comm, prices.add(100, 0, 20), {}, exchange);
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "dispatch").end == microseconds(100));
    const double done = 100.0 / (200.0 * 132 / 112);
    CHECK(to_microseconds(span(o, "grid").end) == Approx(100 + (1 - done) * 200));
    CHECK(o.sm_seconds == Approx(100e-6 * 132 + (1 - done) * 200e-6 * 132));
}

TEST_CASE("a kernel that needs its SMs together waits until a persistent grid ends") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId compute = b.stream("compute"), comm = b.stream("comm", StreamRole::communication);
    GemmDesc gemm;
    ExchangeDesc exchange;
    exchange.sms = 20;
    b.task("gemm", compute, prices.add(50, 0, 120), {}, gemm, 120);
    b.task("dispatch", comm, prices.add(10, 0, 20), {}, exchange);
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "dispatch").start == microseconds(0));  // urgent: it was served first
    CHECK(span(o, "gemm").sms == 120);
    CHECK(span(o, "gemm").start == microseconds(0));
    CHECK(span(o, "gemm").end == microseconds(50));
}

TEST_CASE("recorded durations are replayed as they are") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0"), s1 = b.stream("s1");
    RecordedDesc recorded;
    recorded.sms = 132;
    b.task("a", s0, prices.add(100, 1.0), {}, recorded);
    b.task("b", s1, prices.add(100, 1.0), {}, recorded);
    const ReplayOutcome o = run(b, prices, system, {}, true);
    CHECK(o.timeline.wall == microseconds(100));
}

TEST_CASE("free kernels and impossible SM needs are refused") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s = b.stream("s");
    b.task("free", s, prices.add(0));
    CHECK_THROWS_WITH(run(b, prices, system), Catch::Contains("free"));
    ExchangeDesc exchange;
    exchange.sms = 133;
    b.graph.tasks[0].kernel = exchange;
    CHECK_THROWS_WITH(run(b, prices, system), Catch::Contains("133 SMs at once"));
}
