#include "sim/report/throughput.hpp"

#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Comparison with_figures() {
    Comparison c = sample::comparison();
    const auto count = [](RunResult& r, double rate) {
        r.figures = {{"tokens_per_s_per_gpu", rate},
                     {"gpu_hours_per_trillion_tokens", 1e12 / rate / 3600},
                     {"dollars_per_trillion_tokens", 2e12 / rate / 3600}};
    };
    count(c.baseline, 1000);
    for (VariantOutcome& v : c.variants) { count(v.result, 1000 * v.speedup); }
    return c;
}

}  // namespace

TEST_CASE("throughput: a line per variant, with what it saves") {
    const Comparison c = with_figures();
    const Table t = throughput_table(c);
    REQUIRE(t.rows.size() == c.variants.size() + 1);
    CHECK(t.rows[0][1].text == "1000");
    CHECK(t.rows[0][2].text == "277.8");  // 10^12 / 1000 / 3600 hours, in thousands
    CHECK(t.rows[0][3].text == "556");
    CHECK(t.rows[0][4].value == 0.0);
    CHECK(*t.rows[1][4].value == Approx(100 * (1 - 1 / c.variants[0].speedup)));
    CHECK(throughput_section(sample::comparison()).blocks.empty());  // a run without such figures has none
}

TEST_CASE("summary: workloads against proposals, each with its bound and limiter") {
    const Comparison one = with_figures(), two = sample::comparison();
    const std::vector<NamedResult> results = {{"step", &one, ""}, {"chunk", &two, ""}};
    const Table t = summary_table(results);
    REQUIRE(t.columns == std::vector<std::string>{"proposal", "step", "chunk"});
    const std::string text = to_markdown(t);
    CHECK(holds(text, "`warp-cast` | 1.111\u00d7 of "));
    CHECK(holds(text, "`all` |"));
    CHECK_FALSE(holds(text, "all-but"));
    CHECK_FALSE(holds(text, "baseline"));
    const Table costs = cost_table(results);
    REQUIRE(costs.rows.size() == 1);
    CHECK(costs.rows[0][0].text == "step");
}
