#include "sim/cli/sensitivity.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

namespace {

Sensitivity sample() {
    Sensitivity s;
    s.figures = {{"time_s", 2.0}, {"tokens_per_s_per_node", 100.0}};
    Sensitivity::Row row;
    row.assumption = {"workload.x", "10", "assumed: a guess"};
    row.low = {"8", {{"time_s", 1.9}, {"tokens_per_s_per_node", 105.0}}, ""};
    row.high = {"12", {}, "out of memory: a rank needs more"};
    s.rows.push_back(row);
    return s;
}

}  // namespace

TEST_CASE("sensitivity text: both moves, the judged figure, the source, and why there is no result") {
    const std::string text = sensitivity_text(sample());
    CHECK_THAT(text, Catch::Contains("workload.x"));
    CHECK_THAT(text, Catch::Contains("-5.00 %"));
    CHECK_THAT(text, Catch::Contains("+5.00 %"));
    CHECK_THAT(text, Catch::Contains("out of memory"));
    CHECK_THAT(text, Catch::Contains("workload.x: assumed: a guess"));
    CHECK_THAT(sensitivity_text({}), Catch::Contains("No value"));
}

TEST_CASE("figures text: one a line, none without figures") {
    RunResult r;
    CHECK(figures_text(r).empty());
    r.figures["tokens_per_s"] = 1234.5;
    CHECK_THAT(figures_text(r), Catch::Contains("tokens per s") && Catch::Contains("1234.5"));
}
