// Properties that hold for any workload: determinism, off = baseline, more hardware is never slower.
#include "models/proposals/proposal.hpp"
#include "sim/app/compare.hpp"
#include "sim/app/run.hpp"
#include "sim/base/rng.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

RunResult run_once(const RunConfig& config) {
    TimerPool timers(rooflines());
    return run(config, timers, "run");
}

// At one clock: under a power cap more of one resource may cost clock, which is a result and not an error.
RunConfig at_fixed_clock() {
    RunConfig config = default_run_config();
    config.simulation.clock = ClockMode::fixed;
    config.simulation.fixed_clock = megahertz(1500);
    return config;
}

}  // namespace

TEST_CASE("the same run twice gives the same bytes") {
    const RunConfig config = default_run_config();
    CHECK(to_json(run_once(config)) == to_json(run_once(config)));
}

TEST_CASE("a run remembers nothing of the runs before it") {
    const RunConfig config = default_run_config();
    RunConfig other = config;
    other.proposals = {{"comm-coprocessor", {}}, {"group-scaled-mma", {}}};
    TimerPool timers(rooflines());
    const std::string first = to_json(run(config, timers, "run"));
    run(other, timers, "other");
    CHECK(to_json(run(config, timers, "run")) == first);
}

TEST_CASE("no proposal on is the baseline bit for bit") {
    RunConfig config = default_run_config();
    config.proposals = {};
    config.compare.proposals = {{"warp-cast", {}}};
    TimerPool timers(rooflines());
    const Comparison c =
        compare(config, 1, {}, [&timers](const RunConfig& r, const std::string& id) { return run(r, timers, id); });
    RunResult alone = run_once(config);
    alone.id = c.baseline.id;
    CHECK(to_json(alone) == to_json(c.baseline));
}

TEST_CASE("more bandwidth is never slower") {
    const RunConfig config = at_fixed_clock();
    const Time base = run_once(config).time;
    RunConfig more = config;
    more.system.hbm.peak = config.system.hbm.peak * 1.5;
    CHECK(run_once(more).time <= base);
    more = config;
    more.system.l2.bandwidth = config.system.l2.bandwidth * 2;
    CHECK(run_once(more).time <= base);
    more = config;
    more.system.nic.per_gpu = config.system.nic.per_gpu * 2;
    CHECK(run_once(more).time <= base);
    more = config;
    more.system.nvlink.per_direction = config.system.nvlink.per_direction * 2;
    CHECK(run_once(more).time <= base);
}

TEST_CASE("no variant gains more than its bound") {
    RunConfig config = default_run_config();
    TimerPool timers(rooflines());
    const Comparison c =
        compare(config, 2, {}, [&timers](const RunConfig& r, const std::string& id) { return run(r, timers, id); });
    CHECK(c.variants.size() == 2 * proposal_registry().size() + 1);
    for (const VariantOutcome& v : c.variants) {
        INFO(v.result.id);
        CHECK(v.speedup <= v.bound_speedup * (1 + 1e-9));
    }
}
