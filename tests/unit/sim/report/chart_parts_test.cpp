#include "sim/report/chart_parts.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("an axis spans the bars and bounds that are near, and begins at 1 unless something is slower") {
    const Comparison c = sample::comparison();
    const Axis near = speedup_axis({&c.variants[0], &c.variants[1]});  // 1.11 and 1.25, bounds 1.25
    CHECK(near.low == 1.0);
    CHECK(near.high == Approx(1.26));
    CHECK(near.x(near.low) == kLabels);
    CHECK(near.x(near.high) == kLabels + kPlot);
    VariantOutcome slow = c.variants[0];
    slow.speedup = 0.9;
    slow.bound_speedup = 40;  // far beyond: does not stretch the axis
    const Axis wide = speedup_axis({&slow});
    CHECK(wide.low < 0.9);
    CHECK(wide.high < 1.1);
}

TEST_CASE("ticks are told apart by as few decimals as that takes") {
    CHECK(axis_decimals(7) == 0);
    CHECK(axis_decimals(0.7) == 1);
    CHECK(axis_decimals(0.07) == 2);
}

TEST_CASE("a legend breaks its line before the picture ends") {
    Svg svg(kWidth, 100, "x");
    const std::vector<std::pair<std::string, std::string>> few(2, {"name", "f0"});
    const std::vector<std::pair<std::string, std::string>> many(30, {"name", "f0"});
    CHECK(legend(svg, 10, few) == 10);
    CHECK(legend(svg, 10, many) > 10);
}
