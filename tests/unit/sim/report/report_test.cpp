#include "sim/report/report.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

ReportInput input(const Comparison& c) {
    ReportInput in{
        c, {}, {}, {"Thermal throttling."}, {}, "tessera compare --out out", {{"result.json", "all figures"}}};
    ProposalCard card;
    card.slug = "warp-cast";
    card.title = "Cast instruction";
    card.source = "section 3.5";
    card.removes = "cast kernels";
    card.adds = "issue slots";
    card.limits = "its rate";
    card.worthless = "if it is slow";
    card.parameters = {{"rate", "64 /clk", "1 to 256", "elements per clock", "assumed"}};
    in.proposals = {card};
    return in;
}

}  // namespace

TEST_CASE("html and markdown state the same findings") {
    const Comparison c = sample::comparison();
    const Document d = comparison_report(input(c));
    const std::string html = to_html(d), md = to_markdown(d);
    for (const char* part : {"group-scaled-mma", "1.250\u00d7", "200.0 us", "sub-additive", "H800 datasheet",
                             "Thermal throttling.", "cast kernels", "issue slots", "What limits next"}) {
        INFO(part);
        CHECK(holds(html, part));
        CHECK(holds(md, part));
    }
}

TEST_CASE("without variants, proposals or timelines nothing empty is shown") {
    Comparison c;
    c.workload = "w";
    c.system = "s";
    c.baseline.id = "baseline";
    c.baseline.time = milliseconds(1);
    const std::string html = to_html(comparison_report({c, {}, {}, {}, {}, "", {}}));
    CHECK_FALSE(holds(html, "<tbody>\n</tbody>"));
    CHECK_FALSE(holds(html, "<ul>\n</ul>"));
    CHECK_FALSE(holds(html, "id=\"interactions\""));
    CHECK(holds(html, "Not run."));
}
