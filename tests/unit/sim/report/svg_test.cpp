#include "sim/report/svg.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("widths are never negative and text is escaped") {
    const std::string svg = Svg(10, 10, "\"<x>").rect(0, 0, -3, 2, "f0").line(0, 0, 1, 1, "axis").finish();
    CHECK(svg.find("width=\"0.0\"") != std::string::npos);
    CHECK(svg.find("aria-label=\"&quot;&lt;x&gt;\"") != std::string::npos);
}

TEST_CASE("ticks are 1, 2 or 5 times a power of ten") {
    CHECK(tick_step(10, 5) == Approx(2));
    CHECK(tick_step(129, 7) == Approx(20));
    CHECK(tick_step(0.3, 7) == Approx(0.05));
    CHECK(tick_step(1e-6, 4) == Approx(5e-7));
}
