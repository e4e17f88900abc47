#include "sim/report/report.hpp"
#include "sim/base/error.hpp"
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

TEST_CASE("the page asks nothing of any server and shows no nan") {
    const Comparison c = sample::comparison();
    const std::string html = to_html(comparison_report(input(c)));
    for (const char* part : {"http://", "https://", "<link", "@import", "src=\"/", "nan", "inf<", "n/a"}) {
        INFO(part);
        std::string text = html;
        for (std::size_t at; (at = text.find("http://www.w3.org/2000/svg")) != std::string::npos;) {
            text.erase(at, 26);
        }
        CHECK_FALSE(holds(text, part));
    }
}

TEST_CASE("names of the user's cannot inject markup") {
    Comparison c = sample::comparison();
    c.workload = "<script>alert(1)</script>";
    c.system = "A & \"B\" | C";
    c.baseline.classes[0].op_class = "<img src=x onerror=alert(2)>";
    c.baseline.timeline.spans[0].name = "</svg><script>alert(3)</script>";
    c.baseline.timeline.streams[0] = "<b>compute";
    c.baseline.timeline.spans[0].stream = "<b>compute";
    const std::string html = to_html(comparison_report(input(c)));
    CHECK_FALSE(holds(html, "<script>alert"));
    CHECK_FALSE(holds(html, "<img src=x"));
    CHECK_FALSE(holds(html, "<b>compute"));
    CHECK(holds(html, "A &amp; &quot;B&quot; | C"));
    CHECK(holds(to_markdown(comparison_report(input(c))), "C"));
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

TEST_CASE("the validation table carries the sign") {
    const Comparison c = sample::comparison();
    ReportInput in = input(c);
    ValidationSummary v;
    v.set = "h800-train";
    v.source = "published trace";
    v.whole = {"whole", 3, milliseconds(129), milliseconds(120), 1.0};
    v.rows = {{"gemm_fp8_fwd", 2, milliseconds(20), milliseconds(22), 0.15}};
    in.validation = v;
    const std::string md = to_markdown(comparison_report(in));
    CHECK(holds(md, "-7.0 %"));
    CHECK(holds(md, "+10.0 %"));
    CHECK_FALSE(holds(md, "Not run"));
}

TEST_CASE("csv has one line per variant and plain numbers") {
    const std::string csv = variants_csv(sample::comparison());
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 1 + 5);
    CHECK(holds(csv, "\nwarp-cast,warp-cast,9e-04,"));
    CHECK(holds(csv, "\nall,warp-cast group-scaled-mma,0.00072,"));
    CHECK(holds(classes_csv(sample::comparison()), "\nbaseline,gemm_fp8_fwd,2,8e-04,8e-04,40000000,0,0,0\n"));
}

TEST_CASE("assumptions: every value with origin and source; anything else is our bug") {
    const auto a = assumptions_of(sample::comparison().provenance_json);
    REQUIRE(a.size() == 2);
    CHECK(a[0].path == "/system/hbm/peak");
    CHECK(a[0].source == "H800 datasheet");
    CHECK(a[1].value == "4096");
    CHECK(assumptions_of("").empty());
    CHECK_THROWS_AS(assumptions_of("[1]"), InternalError);
}
