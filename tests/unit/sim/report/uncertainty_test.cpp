#include "sim/report/uncertainty.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

Uncertainty sample() {
    Uncertainty u;
    u.samples = 16;
    u.model_error = 0.118;
    u.assumed = {{"system.hbm.turnaround", "10 ns", "14 ns", "20 ns", "assumed"}};
    u.bands = {{"warp-cast", 1.1, 1.02, 1.18, 1.08, 1.12, 0.06, {{"system.hbm.turnaround", -0.9, -0.02}}}};
    return u;
}

}  // namespace

TEST_CASE("bands, weights and assumptions stand in the report, on the terminal and in JSON") {
    const std::string md = to_markdown(Document{"", "", "", {uncertainty_section(sample())}});
    INFO(md);
    CHECK_THAT(md, Catch::Contains("1.020 to 1.180") && Catch::Contains("1.080 to 1.120"));
    CHECK_THAT(md, Catch::Contains("11.8 %") && Catch::Contains("10 ns"));
    CHECK_THAT(summary_text(sample()), Catch::Contains("16 draws of 1 assumptions") && Catch::Contains("-0.90"));
    const JsonValue v = to_json(sample());
    CHECK(v.find("schema")->as_string() == "tessera.uncertainty/1");
    const JsonValue& band = v.find("bands")->items().at(0);
    CHECK(band.find("low")->as_double() == 1.02);
    CHECK(band.find("matter_most")->items().at(0).find("rank_correlation")->as_double() == -0.9);
}

TEST_CASE("bands of few draws are called an indication, and what matters over all of them is named") {
    Uncertainty u = sample();
    CHECK_FALSE(u.indicative());
    const auto page = [&u] { return to_markdown(Document{"", "", "", {uncertainty_section(u)}}); };
    CHECK_THAT(page(), !Catch::Contains("too few"));
    CHECK(to_json(u).find("indicative")->as_boolean() == false);
    u.samples = 15;
    CHECK_THAT(page(), Catch::Contains("15 draws are too few"));
    CHECK_THAT(summary_text(u), Catch::Contains("15 draws are too few"));
    CHECK(to_json(u).find("indicative")->as_boolean());
    // By hand: b moves the two bands by 0.02 + 0.05, a by 0.06, c by 0.01, d not at all.
    u.bands = {{"x", 1, 1, 1, 1, 1, 0, {{"a", 0.9, 0.06}, {"b", 0.5, -0.02}, {"d", 0.1, 0}}},
               {"y", 1, 1, 1, 1, 1, 0, {{"b", 0.9, 0.05}, {"c", 0.5, 0.01}}}};
    CHECK(weightiest(u) == std::vector<std::string>{"b", "a", "c"});
    CHECK(weightiest(u, 1) == std::vector<std::string>{"b"});
    CHECK_THAT(page(), Catch::Contains("Over all of them most depends on `b`, `a` and `c`"));
    CHECK(weightiest(Uncertainty{}).empty());
}
