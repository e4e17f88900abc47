#include "sim/app/sensitivity.hpp"

#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;
using namespace tessera::test;

namespace {

RunConfig decode_with(std::vector<std::string> sets) {
    sets.insert(sets.begin(), {"workload.model.layers=7", "workload.model.dense_layers=1", "workload.layers=2",
                               "simulation.simulated_ranks=2"});
    return load_run_config(find_config("runs", "deepseek_v3_decode"), sets);
}

Sensitivity of_decode() {
    TimerPool timers(rooflines());
    return sensitivity([](const std::vector<std::string>& sets) { return decode_with(sets); },
                       [&timers](const RunConfig& c) { return run(c, timers, ""); }, 2);
}

const Sensitivity::Row& row_of(const Sensitivity& s, const std::string& path) {
    const auto it = std::find_if(s.rows.begin(), s.rows.end(),
                                 [&](const Sensitivity::Row& r) { return r.assumption.path == path; });
    REQUIRE(it != s.rows.end());
    return *it;
}

}  // namespace

TEST_CASE("assumptions are the workload's values whose source says so") {
    const std::vector<Assumption> list = assumptions_of(decode_with({}));
    const auto has = [&](const std::string& path) {
        return std::any_of(list.begin(), list.end(), [&](const Assumption& a) { return a.path == path; });
    };
    CHECK(has("workload.inference.acceptance"));
    CHECK(has("workload.inference.kv_length"));
    CHECK(has("workload.inference.reserved"));
    CHECK_FALSE(has("workload.parallel.expert_ranks"));
    CHECK_FALSE(has("workload.inference.page"));
    for (const Assumption& a : list) { CHECK(a.path.rfind("workload.", 0) == 0); }
}

TEST_CASE("sensitivity: acceptance changes tokens in proportion to those of a step, and leaves the time alone") {
    const Sensitivity s = of_decode();
    const Sensitivity::Row& row = row_of(s, "workload.inference.acceptance");
    CHECK(row.low.value == "0.68");
    CHECK(row.low.figures.at("tokens_per_s_per_gpu") / s.figures.at("tokens_per_s_per_gpu") == Approx(1.68 / 1.85));
    CHECK(row.low.figures.at("time_s") == s.figures.at("time_s"));
    // 1.02 is no probability: the next smaller step that is one.
    CHECK(row.high.value == "0.9775");
    CHECK(row.high.figures.at("accepted_tokens_per_step") == Approx(1.9775));
}

TEST_CASE("sensitivity: counts move in whole numbers, and what does not fit is told") {
    const Sensitivity s = of_decode();
    const Sensitivity::Row& length = row_of(s, "workload.inference.kv_length");
    CHECK(length.low.value == "3277");
    CHECK(length.high.value == "4915");
    CHECK(length.low.figures.at("time_s") < s.figures.at("time_s"));
    CHECK(length.high.figures.at("time_s") > s.figures.at("time_s"));
    CHECK(row_of(s, "workload.inference.table_bytes").low.value == "1");
    TimerPool timers(rooflines());
    const auto tight = [](std::vector<std::string> sets) {
        sets.insert(sets.begin(), "workload.inference.kv_length=60500");
        return decode_with(sets);
    };
    const Sensitivity full = sensitivity(
        tight, [&timers](const RunConfig& c) { return run(c, timers, ""); }, 2);
    CHECK(row_of(full, "workload.inference.reserved").low.problem.empty());
    CHECK_THAT(row_of(full, "workload.inference.reserved").high.problem, Catch::Contains("out of memory"));
    CHECK(to_json(full).find("\"assumptions\"") != std::string::npos);
}

TEST_CASE("sensitivity: the run as given must hold") {
    TimerPool timers(rooflines());
    const auto impossible = [](std::vector<std::string> sets) {
        sets.insert(sets.begin(), "workload.inference.kv_length=4000000");
        return decode_with(sets);
    };
    CHECK_THROWS_AS(sensitivity(
                        impossible, [&timers](const RunConfig& c) { return run(c, timers, ""); }, 1),
                    ModelError);
}
