#include "sim/report/charts.hpp"
#include "sim/report/analysis.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the speed-up chart shows every variant with its bound") {
    const Comparison c = sample::comparison();
    const Figure f = speedup_chart(c, alone_by_gain(c));
    CHECK(holds(f.svg, "group-scaled-mma"));
    CHECK(holds(f.svg, "1.250\u00d7  (bound 1.250\u00d7)"));
    CHECK(holds(f.svg, "class=\"bound\""));
    CHECK(speedup_chart(c, {}).svg.empty());
}

TEST_CASE("a bound far beyond the bars does not squeeze them") {
    Comparison c = sample::comparison();
    c.variants[0].bound_speedup = 40;
    const Figure f = speedup_chart(c, alone_by_gain(c));
    CHECK(holds(f.svg, "\u25b8"));
    CHECK(holds(f.svg, "(bound 40.000\u00d7)"));
    CHECK_FALSE(holds(f.svg, ">10.0\u00d7<"));
}

TEST_CASE("a loss is drawn in the colour of losses") {
    Comparison c = sample::comparison();
    c.variants[0].speedup = 0.9;
    CHECK(holds(speedup_chart(c, alone_by_gain(c)).svg, "class=\"fb\""));
}

TEST_CASE("the waterfall names its steps and says where the axis starts") {
    const Comparison c = sample::comparison();
    const Figure f = waterfall_chart(c.baseline, c.variants.back().result);
    CHECK(holds(f.svg, "gemm fp8 fwd: -200.0 us"));
    CHECK(holds(f.caption, "The axis starts at"));
    CHECK(waterfall_chart(c.baseline, c.baseline).svg.empty());
}

TEST_CASE("limiters are stacked to the wall time") {
    const Comparison c = sample::comparison();
    const Figure f = limiter_chart(c.baseline, alone_by_gain(c));
    CHECK(holds(f.svg, "baseline, Tensor Core: 0.80 ms, 80.0 %"));
    RunResult nothing = c.baseline;
    nothing.critical_share.clear();
    CHECK(limiter_chart(nothing, {}).svg.empty());
}
