#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string markdown(const Section& s) { return to_markdown(Document{"", "", "", {s}}); }

}  // namespace

TEST_CASE("removed and added: sums per proposal, classes below") {
    const std::string md = markdown(removed_added_section(sample::comparison()));
    CHECK(holds(md, "| `group-scaled-mma` | 0.20 | 0.00 | 0.00 | 0.00 | +0.20 | +0.20 |"));
    CHECK(holds(md, "| added | scale transpose | 1 | +0.001 | +0.002 | 0.000 |"));
    CHECK(holds(md, "| removed | quant per token cast | 1 | -0.100 | -0.030 | 0.000 |"));
}

TEST_CASE("interactions read as sentences") {
    const std::string md = markdown(interaction_section(sample::comparison()));
    CHECK(holds(md, "20.00 us less (sub-additive)"));
    CHECK(holds(md, "| `warp-cast` | +0.10 | +0.08 | 80 % | 0.80 | partly done by the others |"));
    Comparison harmful = sample::comparison();
    harmful.variants[2].result.time = microseconds(600);  // without warp-cast the full set would be faster
    CHECK(holds(markdown(interaction_section(harmful)),
                "| -0.12 | \u2013 | 0.60 | pays alone, costs time beside the others |"));
    Comparison none = sample::comparison();
    none.variants.clear();
    CHECK(interaction_section(none).blocks.empty());
}

TEST_CASE("a proposal's card holds its four answers and parameters") {
    ProposalCard card{"warp-cast", "Cast instruction", "section 3.5", "casts", "slots", "its `rate`", "slow", {}};
    card.parameters = {{"rate", "64 /clk", "1 to 256", "elements per clock", "assumed"}};
    const std::string md = markdown(proposals_section({card}));
    for (const char* part :
         {"**Removes.** casts", "**Adds.** slots", "its `rate`", "**Worthless if.** slow", "| `rate` | 64 /clk |"}) {
        INFO(part);
        CHECK(holds(md, part));
    }
}
