#include "sim/app/run.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace tessera;
using namespace tessera::test;

TEST_CASE("a run fills every field of its result") {
    TimerPool timers(rooflines());
    const RunConfig config = default_run_config();
    const RunResult r = run(config, timers, "");
    CHECK(r.id == "baseline");
    CHECK(r.time > milliseconds(20));
    CHECK(r.time < milliseconds(1000));
    CHECK(r.traffic.hbm() > Bytes::zero());
    CHECK(r.traffic.nic_out > Bytes::zero());
    CHECK(r.energy_j == Approx(r.average_power_w * to_seconds(r.time)));
    CHECK(r.limiter != Limiter::none);
    double sum = 0;
    for (const auto& [label, share] : r.critical_share) { sum += share; }
    CHECK(sum == Approx(1.0).epsilon(1e-9));
    Time critical{};
    for (const ClassTotal& c : r.classes) { critical += c.critical; }
    CHECK(critical <= r.time);
    CHECK(r.sm_utilization > 0.1);
    CHECK(r.sm_utilization <= 1.0);
    CHECK(r.tensor_utilization > 0.05);
    CHECK(r.tensor_utilization < r.sm_utilization);
    CHECK(r.hbm_utilization > 0.05);
    CHECK(r.hbm_utilization < 1.0);
    CHECK(r.timeline.wall == r.time);
    CHECK(r.timeline.spans.size() > 500);
    for (const Span& s : r.timeline.spans) {
        REQUIRE(s.end > s.start);
        REQUIRE(s.alone > Time::zero());
        REQUIRE(s.waited >= Time::zero());
    }
}
