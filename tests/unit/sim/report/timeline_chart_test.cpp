#include "sim/report/charts.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("kernels, waiting and streams are drawn; tooltips on demand") {
    const RunResult r = sample::run("baseline", {}, 400, 95);
    const Figure plain = timeline_chart(r, {Time::zero(), r.time, false}, "all");
    CHECK(holds(plain.svg, ">communication</text>"));
    CHECK(holds(plain.svg, "class=\"fw\""));
    CHECK_FALSE(holds(plain.svg, "<title>"));
    const Figure zoom = timeline_chart(r, {Time::zero(), r.time, true}, "zoom");
    CHECK(
        holds(zoom.svg, "I0.q_a_proj: 400.0 us, gemm fp8 fwd, limited by Tensor Core, 112 SMs, on the critical path"));
}

TEST_CASE("neighbours too narrow to see are drawn together") {
    RunResult r = sample::run("baseline", {}, 400, 95);
    const Span base = r.timeline.spans.front();
    r.timeline.spans.clear();
    for (int i = 0; i < 10000; ++i) {
        Span s = base;
        s.start = nanoseconds(100.0 * i);
        s.end = nanoseconds(100.0 * i + 90);
        r.timeline.spans.push_back(s);
    }
    const Figure f = timeline_chart(r, {Time::zero(), milliseconds(1), false}, "dense");
    CHECK(f.svg.size() < 20000);
}

TEST_CASE("the window of an iteration, and windows in which nothing runs") {
    const RunResult r = sample::run("baseline", {}, 400, 95);
    const TimelineWindow w = iteration_window(r.timeline, 1);
    CHECK(w.start == microseconds(500));
    CHECK(w.end == microseconds(995));
    CHECK(iteration_window(r.timeline, 7).end == Time::zero());
    CHECK(timeline_chart(r, {seconds(1), seconds(2), false}, "late").svg.empty());
    CHECK(timeline_chart(r, {Time::zero(), Time::zero(), false}, "none").svg.empty());
}
