#include "sim/report/charts.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) { ++n; }
    return n;
}

}  // namespace

TEST_CASE("a bar per comparison and set, named in words, without the sets that leave one out") {
    const Comparison c = sample::comparison();
    const Figure f = grouped_speedup_chart({&c, &c}, {"one", "two"});
    CHECK(count(f.svg, "<title>one, ") == 3);
    CHECK(count(f.svg, "<title>two, warp-cast: 1.111\u00d7") == 1);
    CHECK(count(f.svg, "all-but") == 0);
}

TEST_CASE("no picture without variants or with more comparisons than colours") {
    Comparison c = sample::comparison();
    CHECK(grouped_speedup_chart(std::vector<const Comparison*>(9, &c), std::vector<std::string>(9, "x")).svg.empty());
    c.variants.clear();
    CHECK(grouped_speedup_chart({&c}, {"x"}).svg.empty());
}
