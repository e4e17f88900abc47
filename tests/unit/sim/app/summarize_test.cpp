#include "sim/app/summarize.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

Task task(TaskId id, const std::string& op_class) {
    Task t;
    t.id = id;
    t.op_class = op_class;
    GemmDesc g;
    g.m = g.n = g.k = 100;
    t.kernel = g;
    return t;
}

Span span(TaskId id, const std::string& op_class, double from_ms, double to_ms, int kernels = 1) {
    Span s;
    s.task = id;
    s.op_class = op_class;
    s.start = milliseconds(from_ms);
    s.end = milliseconds(to_ms);
    s.kernels = kernels;
    s.traffic.hbm_read = bytes(1'000'000);
    return s;
}

}  // namespace

TEST_CASE("classes are summed over spans and sorted by time") {
    TaskGraph graph;
    graph.tasks = {task(0, "cast"), task(1, "gemm"), task(2, "cast")};
    SettledRun run;
    run.clock = megahertz(1500);
    run.power = watts(500);
    ReplayOutcome& o = run.outcome;
    o.timeline.spans = {span(0, "cast", 0, 1, 3), span(1, "gemm", 1, 9), span(2, "cast", 9, 10)};
    o.timeline.wall = milliseconds(10);
    o.traffic.hbm_read = bytes(3'000'000);
    o.critical.steps = {{0, Time::zero(), Time::zero(), milliseconds(1)},
                        {1, Time::zero(), milliseconds(2), milliseconds(6)}};
    o.critical.share = {{"gap", 0.3}, {"hbm", 0.3}, {"launch", 0.1}, {"tensor_core", 0.3}};
    o.sm_seconds = 0.5;
    o.tensor_sm_seconds = 0.25;
    SystemConfig system;
    system.sm.count = 100;
    system.hbm.peak = gb_per_second(1);
    const RunResult r = summarize(run, graph, system);
    CHECK(r.time == milliseconds(10));
    CHECK(r.energy_j == Approx(5.0));
    REQUIRE(r.classes.size() == 2);
    CHECK(r.classes[0].op_class == "gemm");
    CHECK(r.classes[0].critical == milliseconds(8));
    CHECK(r.classes[1].kernels == 4);
    CHECK(r.classes[1].time == milliseconds(2));
    CHECK(r.classes[1].flops.raw() == Approx(4 * 2e6));
    CHECK(r.limiter == Limiter::launch);  // with the gaps: 0.4
    CHECK(r.sm_utilization == Approx(0.5));
    CHECK(r.tensor_utilization == Approx(0.25));
    CHECK(r.hbm_utilization == Approx(0.3));
}
