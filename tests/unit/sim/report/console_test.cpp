#include "sim/report/console.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("columns line up, multi-byte characters count once") {
    Table t;
    t.columns = {"a", "speed-up"};
    t.rows = {{text_cell("first"), number_cell("1.100\u00d7", 1.1)}, {text_cell("x"), number_cell("12.000\u00d7", 12)}};
    CHECK(to_text(t) == "a      speed-up\nfirst    1.100\u00d7\nx       12.000\u00d7\n");
}

TEST_CASE("summaries of a comparison and of a run") {
    const std::string c = summary_text(sample::comparison());
    CHECK(holds(c, "toy layer on toy GPU"));
    CHECK(holds(c, "all-but-warp-cast"));
    CHECK(holds(c, "Worth most alone"));
    const std::string r = summary_text(sample::run("run", {"warp-cast"}, 400, 95), "toy layer", "toy GPU");
    CHECK(holds(r, "with warp-cast"));
    CHECK(holds(r, "Tensor Core 80.0 %"));
    CHECK(holds(r, "quant per token cast"));
}
