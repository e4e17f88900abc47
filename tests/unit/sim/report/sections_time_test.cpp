#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("where the time goes: picture, class table, one folded waterfall per variant") {
    const std::string md = to_markdown(Document{"", "", "", {waterfall_section(sample::comparison())}});
    CHECK(holds(md, "| gemm fp8 fwd | 2 | 0.80 | 0.60 | -0.20 |"));
    CHECK(holds(md, "Waterfall of group-scaled-mma (-200.0 us)"));
}

TEST_CASE("the critical path's shares add up per variant") {
    const Section s = critical_path_section(sample::comparison());
    int rows = 0;
    for (const Block& b : s.blocks) {
        const Table* t = std::get_if<Table>(&b.content);
        if (t == nullptr) { continue; }
        for (const auto& row : t->rows) {
            double sum = 0;
            for (std::size_t i = 2; i < row.size(); ++i) { sum += *row[i].value; }
            CHECK(sum == Approx(1));
            ++rows;
        }
    }
    CHECK(rows == 1 + 2 + 1);
}

TEST_CASE("timelines of the baseline and the best variant") {
    const std::string html = to_html(Document{"", "", "", {timeline_section(sample::comparison())}});
    CHECK(holds(html, "id=\"timeline-baseline\""));
    CHECK(holds(html, "id=\"timeline-all\""));
    CHECK(holds(html, "One iteration of all"));
    Comparison c = sample::comparison();
    c.baseline.timeline.spans.clear();
    c.variants.clear();
    CHECK(timeline_section(c).blocks.empty());
}
