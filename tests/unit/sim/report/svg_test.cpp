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

TEST_CASE("dots and open lines have their place, colour and description") {
    Svg svg(10, 10, "x");
    svg.circle(1, 2, 3, "f1", "a & b").path({{0, 1}, {2.25, 3}}, "ln").path({{5, 5}}, "ln");
    const std::string text = svg.finish();
    CHECK_THAT(text, Catch::Contains("<circle cx=\"1.0\" cy=\"2.0\" r=\"3.0\" class=\"f1\"><title>a &amp; b</title>"));
    CHECK_THAT(text, Catch::Contains("<path d=\"M0.0 1.0L2.2 3.0\" class=\"ln\"/>") ||
                         Catch::Contains("<path d=\"M0.0 1.0L2.3 3.0\" class=\"ln\"/>"));
    CHECK(text.find("<path") == text.rfind("<path"));  // one point is no line
}
