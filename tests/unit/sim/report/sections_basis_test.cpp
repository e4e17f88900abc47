#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string markdown(const Section& s) { return to_markdown(Document{"", "", "", {s}}); }

}  // namespace

TEST_CASE("the validation table carries the sign and its source") {
    ValidationSummary v;
    v.set = "h800-train";
    v.source = "published trace";
    v.whole = {"whole", 3, milliseconds(129), milliseconds(120), 1.0};
    v.rows = {{"gemm_fp8_fwd", 2, milliseconds(20), milliseconds(22), 0.15}};
    v.deviations = {{"class x_y", "nobody knows"}};
    const std::string md = markdown(validation_section(v));
    CHECK(holds(md, "- **class x y**: nobody knows."));
    CHECK(holds(md, "-7.0 %"));
    CHECK(holds(md, "+10.0 %"));
    CHECK(holds(md, "published trace"));
    CHECK(holds(markdown(validation_section({})), "Not run."));
}

TEST_CASE("assumptions are grouped by the object that holds them") {
    const std::string md = markdown(assumptions_section(sample::comparison()));
    CHECK(holds(md, "system/hbm (1 value)"));
    CHECK(holds(md, "| `peak` | 3.35 TB/s | h800.json | H800 datasheet |"));
    Comparison none = sample::comparison();
    none.provenance_json.clear();
    CHECK(assumptions_section(none).blocks.empty());
}

TEST_CASE("nothing to say, nothing shown") {
    CHECK(limits_section({}).blocks.empty());
    CHECK(plots_section({}).blocks.empty());
}
