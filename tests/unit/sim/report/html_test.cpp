#include "sim/report/document.hpp"
#include "sim/report/report.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string page_of(const Comparison& c) {
    return to_html(comparison_report({c, {}, {}, {"Thermal throttling."}, {}, "tessera compare --out out", {}}));
}

}  // namespace

TEST_CASE("the page asks nothing of any server and shows no nan") {
    const Comparison c = sample::comparison();
    const std::string html = page_of(c);
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
    const std::string html = page_of(c);
    CHECK_FALSE(holds(html, "<script>alert"));
    CHECK_FALSE(holds(html, "<img src=x"));
    CHECK_FALSE(holds(html, "<b>compute"));
    CHECK(holds(html, "A &amp; &quot;B&quot; | C"));
}
