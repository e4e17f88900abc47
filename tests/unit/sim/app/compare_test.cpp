#include "sim/app/compare.hpp"

#include "models/proposals/proposal.hpp"
#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

Comparison compare_with_rooflines(const RunConfig& config, int jobs, const ProgressFn& progress = {}) {
    TimerPool timers(rooflines());
    return compare(config, jobs, progress,
                   [&timers](const RunConfig& c, const std::string& id) { return run(c, timers, id); });
}

RunConfig small() {
    RunConfig config = default_run_config();
    config.compare.proposals = {{"warp-cast", {}}, {"group-scaled-mma", {}}, {"comm-coprocessor", {}}};
    return config;
}

}  // namespace

TEST_CASE("a comparison holds the baseline and every variant") {
    std::vector<std::string> seen;
    const Comparison c = compare_with_rooflines(small(), 2, [&](std::size_t, std::size_t total, const std::string& id) {
        seen.push_back(id);
        CHECK(total == 8);
    });
    CHECK(c.baseline.id == "baseline");
    CHECK(seen.size() == 8);
    CHECK(seen.front() == "baseline");
    std::vector<std::string> ids;
    for (const VariantOutcome& v : c.variants) { ids.push_back(v.result.id); }
    CHECK(ids == std::vector<std::string>{"warp-cast", "group-scaled-mma", "comm-coprocessor", "all-but-warp-cast",
                                          "all-but-group-scaled-mma", "all-but-comm-coprocessor", "all"});
    for (const VariantOutcome& v : c.variants) {
        INFO(v.result.id);
        CHECK(v.speedup == Approx(c.baseline.time / v.result.time));
        CHECK(v.speedup <= v.bound_speedup * (1 + 1e-9));
        CHECK_FALSE(v.bound_reason.empty());
        CHECK_FALSE(v.removed.empty());
    }
    CHECK_FALSE(c.provenance_json.empty());
    CHECK_FALSE(c.code_version.empty());
}

TEST_CASE("the same comparison twice and with one or two processes gives the same bytes") {
    const std::string one = to_json(compare_with_rooflines(small(), 1));
    CHECK(one == to_json(compare_with_rooflines(small(), 2)));
    CHECK(one == to_json(compare_with_rooflines(small(), 1)));
}

TEST_CASE("a failing variant is named") {
    const RunConfig config = small();
    const Simulate simulate = [](const RunConfig& c, const std::string& id) {
        if (id == "all-but-warp-cast") { throw ModelError("no such grid"); }
        RunResult r;
        r.id = id;
        r.time = milliseconds(c.proposals.empty() ? 2 : 1);
        return r;
    };
    CHECK_THROWS_WITH(compare(config, 2, {}, simulate), "all-but-warp-cast: no such grid");
    CHECK_THROWS_AS(compare(config, 2, {}, simulate), ModelError);
}

TEST_CASE("a proposal that nobody knows stops the comparison before it starts") {
    RunConfig config = small();
    config.compare.proposals.push_back({"warp-cats", {}});
    const Simulate never = [](const RunConfig&, const std::string&) -> RunResult { throw InternalError("started"); };
    CHECK_THROWS_WITH(compare(config, 1, {}, never), Catch::Contains("warp-cats") && Catch::Contains("warp-cast"));
}

TEST_CASE("every wrong proposal of a comparison is named with the file it stands in") {
    RunConfig run = default_run_config();
    run.compare.proposals = {{"comm-coprocesor", {}}, {"warp-cast", {{"elements_per_clk", "1e9"}}}};
    run.provenance["/compare/proposals/warp-cast/elements_per_clk"].origin = "mine.json";
    try {
        compare(run, 1);
        FAIL("accepted");
    } catch (const ConfigError& e) {
        REQUIRE(e.diagnostics().size() == 2);
        CHECK(e.diagnostics()[0].pointer == "/compare/proposals/comm-coprocesor");
        CHECK(e.diagnostics()[1].pointer == "/compare/proposals/warp-cast/elements_per_clk");
        CHECK(e.diagnostics()[1].file == "mine.json");
    }
}
