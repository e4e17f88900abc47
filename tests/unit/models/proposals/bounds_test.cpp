#include "models/proposals/bounds.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

Span span(const char* op_class, double start_us, double end_us, double alone_us, double waited_us = 0) {
    Span s;
    s.op_class = op_class;
    s.start = microseconds(start_us);
    s.end = microseconds(end_us);
    s.alone = microseconds(alone_us);
    s.waited = microseconds(waited_us);
    return s;
}

RunResult run_of(std::vector<Span> spans, double wall_us) {
    RunResult r;
    r.time = microseconds(wall_us);
    r.timeline.spans = std::move(spans);
    return r;
}

const auto kCasts = [](const Span& s) { return s.op_class == "cast" ? 1.0 : 0.0; };

}  // namespace

TEST_CASE("what can go is the kernel, its gap and the contention it may have caused") {
    SystemConfig system;
    system.launch.kernel_gap = microseconds(2);
    const RunResult r = run_of({span("cast", 0, 10, 8), span("gemm", 12, 112, 95)}, 1000);
    CHECK(to_microseconds(removable_time(r, system, kCasts)) == Approx(10 + 2 + 5));
}

TEST_CASE("slower ranks may gain more than rank 0 sees") {
    const RunResult r = run_of({span("cast", 0, 10, 10), span("notify", 10, 110, 1, 100)}, 1000);
    CHECK(to_microseconds(removable_time(r, SystemConfig{}, kCasts)) == Approx(10 * 1.1));
    CHECK(to_microseconds(barrier_wait(r)) == Approx(100));
}

TEST_CASE("nothing removable gains nothing, and never more than the wall") {
    CHECK(removable_time(run_of({span("gemm", 0, 10, 5)}, 10), SystemConfig{}, kCasts) == Time::zero());
    const RunResult r = run_of({span("cast", 0, 10, 10), span("cast", 0, 10, 10)}, 15);
    CHECK(removable_time(r, SystemConfig{}, kCasts) == microseconds(15));
}

TEST_CASE("without any exchange the busiest stream's kernels alone remain") {
    RunResult r = run_of({span("gemm", 0, 60, 50), span("comm_dispatch", 0, 90, 80), span("cast", 90, 100, 9)}, 100);
    r.timeline.spans[0].stream = r.timeline.spans[2].stream = "compute";
    r.timeline.spans[1].stream = "communication";
    CHECK(to_microseconds(beyond_compute(r)) == Approx(100 - 59));
}
