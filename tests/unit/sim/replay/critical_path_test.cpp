#include "sim/replay/critical_path.hpp"

#include "sim/replay/span_log.hpp"
#include "tests/unit/sim/replay/replay_fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {
double sum(const CriticalPath& p) {
    double s = 0;
    for (const auto& [label, share] : p.share) { s += share; }
    return s;
}
}  // namespace

TEST_CASE("an empty graph has no critical path") { CHECK(critical_path(std::vector<SpanLog>{}).steps.empty()); }

// s0: a 10 | c 5 after b;  s1: b 30 after a. The path is a, b, c; a shorter kernel on s0 is not on it.
TEST_CASE("the path follows the predecessor that ended last") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0", StreamRole::compute, 66), s1 = b.stream("s1", StreamRole::compute, 66);
    const TaskId first = b.task("a", s0, prices.add(10));
    const TaskId aside = b.task("aside", s0, prices.add(3));
    const TaskId middle = b.task("b", s1, prices.add(30), {first});
    const TaskId last = b.task("c", s0, prices.add(5), {middle});
    const ReplayOutcome o = run(b, prices, system);
    std::vector<TaskId> path;
    for (const CriticalStep& s : o.critical.steps) { path.push_back(s.task); }
    CHECK(path == std::vector<TaskId>{first, middle, last});
    CHECK(sum(o.critical) == Approx(1.0));
    CHECK(o.critical.share.at("gap") == Approx(4.0 / 49));
    CHECK(span(o, "b").critical);
    CHECK_FALSE(o.timeline.spans.at(static_cast<std::size_t>(aside)).critical);
}

TEST_CASE("waiting for SMs leads to the kernel that held them") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s0 = b.stream("s0"), s1 = b.stream("s1");
    b.task("holder", s0, prices.add(40), {}, GemmDesc{}, 132);
    b.task("waiter", s1, prices.add(10), {}, GemmDesc{}, 132);
    const ReplayOutcome o = run(b, prices, system);
    CHECK(span(o, "waiter").start == microseconds(40));
    CHECK(o.critical.steps.size() == 2);
    CHECK(o.critical.share.count("gap") == 0);
    CHECK(sum(o.critical) == Approx(1.0));
}

TEST_CASE("the clock's part of the path is told apart") {
    const SystemConfig system = small_system();
    TestPrices prices;
    GraphBuilder b;
    const StreamId s = b.stream("s");
    b.task("on clock", s, prices.add(30));
    b.task("on memory", s, prices.add(20, 0.9));
    prices.result(1).clock_bound = 0.25;
    CHECK(run(b, prices, system).critical.clock_time == microseconds(35));
}
