#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string text(const std::vector<Line>& lines) {
    std::string out;
    for (const Line& line : lines) {
        for (const Inline& run : line.runs()) { out += run.text; }
        out += "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("the findings name the best, the sum and what is left over") {
    const std::string t = text(findings(sample::comparison()));
    CHECK(holds(t, "toy layer takes 1.00 ms on toy GPU at 1.50 GHz"));
    CHECK(holds(t, "Worth most alone: group-scaled-mma saves 200.0 us (1.250\u00d7), 100 % of the 200.0 us"));
    CHECK(holds(t, "Then: warp-cast 100.0 us."));
    CHECK(holds(t, "280.0 us saved against 300.0 us"));
    CHECK(holds(t, "they overlap"));
}

TEST_CASE("losses and proposals that do nothing are said to be so") {
    Comparison c = sample::comparison();
    c.variants[0] = sample::variant(c.baseline, sample::run("warp-cast", {"warp-cast"}, 410, 95), 1.1);
    c.variants[1] = sample::variant(c.baseline, sample::run("group-scaled-mma", {"group-scaled-mma"}, 400, 95), 1.1);
    const std::string t = text(findings(c));
    CHECK(holds(t, "Slower than today when alone: warp-cast (+20.00 us)"));
    CHECK(holds(t, "Worth nothing in time alone: group-scaled-mma"));
    CHECK_FALSE(holds(t, "Worth most"));
}

TEST_CASE("a full set that is not the fastest, what costs time in it, and the clock it pays with") {
    Comparison c = sample::comparison();
    c.variants[2] = sample::variant(c.baseline, sample::run("all-but-warp-cast", {"group-scaled-mma"}, 260, 55), 2);
    c.variants[2].result.sm_clock = megahertz(1200);
    const std::string t = text(findings(c));
    CHECK(holds(t, "The fastest set is not the full one: all-but-warp-cast takes 640.0 us"));
    CHECK(holds(t, "Beside the others these cost time: warp-cast (80.00 us)."));
    CHECK(holds(t, "settles at 1.20 GHz instead of 1.50 GHz (-20.0 %)"));
}

TEST_CASE("the model's own error stands beside the findings") {
    ValidationSummary v;
    v.whole = {"whole run", 3, milliseconds(129), milliseconds(122), 1.0};
    v.rows = {{"a", 1, milliseconds(10), milliseconds(13), 0.08},
              {"b", 1, milliseconds(10), milliseconds(11), 0.08},
              {"c", 1, microseconds(10), microseconds(90), 0.0001}};
    const std::string md = to_markdown(Document{"", "", "", {headline_section(sample::comparison(), v)}});
    CHECK(holds(
        md, "is -5.4 % from the measured 129.0 ms. 1 of the 2 operator classes above 1 % of the wall are within 20 %"));
}
