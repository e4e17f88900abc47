#include "sim/sweep/uncertainty.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/config/ranges.hpp"
#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

SweepConfig small() {
    const TemporaryFolder folder;
    return load_sweep(small_sweep(folder, two_axes));
}

report::Uncertainty assessed(const SweepConfig& base, double model_error, int jobs = 2, int samples = 12) {
    UncertaintyOptions o;
    o.samples = samples;
    o.jobs = jobs;
    o.model_error = model_error;
    o.devices = test::rooflines();
    return assess(base,
                  {{"casts", {{"proposals.warp-cast", "true"}}},
                   {"fabric", {{"proposals.unified-fabric", "true"}}},
                   {"nothing", {}}},
                  o);
}

}  // namespace

TEST_CASE("rank correlation: order alone counts, equal values share a rank") {
    CHECK(rank_correlation({1, 2, 3}, {10, 100, 1000}) == Approx(1));
    CHECK(rank_correlation({1, 2, 3}, {3, 2, 1}) == Approx(-1));
    CHECK(rank_correlation({1, 1, 1}, {3, 2, 1}) == 0);
    // By hand: ranks 0.5, 0.5, 2 against 0, 1, 2: 1.5 / sqrt(1.5 x 2).
    CHECK(rank_correlation({5, 5, 9}, {1, 2, 3}) == Approx(1.5 / std::sqrt(3.0)));
    CHECK_THROWS_AS(rank_correlation({}, {}), InternalError);
}

TEST_CASE("bands hold the nominal speed-up and do not depend on the number of processes") {
    const SweepConfig base = small();
    const report::Uncertainty u = assessed(base, 0.1);
    REQUIRE(u.bands.size() == 3);
    CHECK(u.samples + u.dropped == 12);
    for (const auto& b : u.bands) {
        INFO(b.id);
        CHECK(b.low <= b.drawn_low);
        CHECK(b.drawn_low <= b.speedup);
        CHECK(b.speedup <= b.drawn_high);
        CHECK(b.drawn_high <= b.high);
        CHECK(b.most.size() <= 3);
        CHECK(b.model <= 0.1);
    }
    CHECK(u.bands[0].most.size() == 3);
    CHECK(u.bands[2].speedup == 1);
    CHECK(u.bands[2].low == Approx(1));  // nothing changes, so nothing can be wrong about it
    CHECK(u.bands[2].high == Approx(1));
    CHECK(write_json(to_json(u)) == write_json(to_json(assessed(base, 0.1, 1))));
    const report::Uncertainty sure = assessed(base, 0);
    CHECK(sure.bands[0].high - sure.bands[0].low < u.bands[0].high - u.bands[0].low);
    CHECK(sure.bands[0].low == Approx(sure.bands[0].drawn_low));
}

TEST_CASE("what a candidate decides is not assumed; what the file overrides has no range any more") {
    SweepConfig base = small();
    const auto holds = [](const report::Uncertainty& u, const std::string& path) {
        return std::any_of(u.assumed.begin(), u.assumed.end(), [&](const auto& a) { return a.path == path; });
    };
    const report::Uncertainty u = assessed(base, 0);
    CHECK(holds(u, "system.hbm.turnaround"));
    CHECK(holds(u, "proposals.warp-cast.elements_per_clk"));
    CHECK_FALSE(holds(u, "proposals.comm-coprocessor.start_latency"));
    base.sets.emplace_back("system.hbm.turnaround=12 ns");
    CHECK_FALSE(holds(assessed(base, 0, 2, 4), "system.hbm.turnaround"));
    UncertaintyOptions few;
    few.samples = 3;
    CHECK_THROWS_AS(assess(base, {}, few), ConfigError);
}

TEST_CASE("a range that does not hold its value, or is none, is refused with its place") {
    const TemporaryFolder folder;
    const auto problem = [&](const std::string& hbm) {
        const std::string path =
            folder.write("run.json", R"({"extends": ")" + find_config("runs", "deepseek_v3_train_chunk") +
                                         R"(", "system": {"extends": ")" + find_config("systems", "h800") +
                                         R"(", "hbm": {)" + hbm + "}}}");
        try {
            assumed_ranges(path);
        } catch (const ConfigError& e) { return std::string(e.what()); }
        return std::string("accepted");
    };
    CHECK(problem(R"("turnaround": "12 ns", "ranges": {"turnaround": ["10 ns", "13 ns"]})") == "accepted");
    CHECK_THAT(problem(R"("turnaround": "9 ns", "ranges": {"turnaround": ["10 ns", "13 ns"]})"),
               Catch::Contains("/hbm/turnaround") && Catch::Contains("does not lie in its range"));
    CHECK_THAT(problem(R"("turnaround": "12 ns", "ranges": {"turnaround": ["10 ns", 13]})"),
               Catch::Contains("its range"));
    CHECK_THAT(problem(R"("turnaround": "12 ns", "ranges": {"turnaround": "10 ns"})"), Catch::Contains("[low, high]"));
    CHECK_THAT(problem(R"("turnaround": "12 ns", "ranges": {"turnaruond": ["10 ns", "13 ns"]})"),
               Catch::Contains("does not set"));
    CHECK_THAT(problem(R"("stacks": 5, "ranges": {"stacks": [6, 8]})"), Catch::Contains("does not lie in its range"));
}
