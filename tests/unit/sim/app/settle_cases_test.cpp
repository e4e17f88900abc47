#include "sim/app/settle_cases.hpp"

#include "models/power/power_cap.hpp"
#include "sim/app/validate_measured.hpp"
#include "tests/support/gemm.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

LaunchPrice price(double us, double clock_bound, double tensor_joules) {
    LaunchPrice p;
    p.time = microseconds(us);
    p.clock_bound = clock_bound;
    p.tensor_busy = microseconds(us * clock_bound);
    p.energy.tensor = joules(tensor_joules);
    return p;
}

measured::Case gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
    measured::Case c;
    c.id = c.family = "gemm";
    c.clock = megahertz(1300);
    c.measured = 1000;
    c.launches = {{tessera::testing::fp8_gemm(m, n, k), 0}};
    return c;
}

}  // namespace

TEST_CASE("a case is one stretch of work: scaled and fixed time and energy add up, gaps are fixed") {
    const Activity a = activity_of({price(10, 0.5, 1e-3), price(20, 1, 2e-3)}, microseconds(3), megahertz(1500));
    CHECK(a.clock_time == microseconds(25));
    CHECK(a.fixed_time == microseconds(8));
    CHECK(a.energy.total().raw() == Approx(3e-3));
    CHECK(a.reference == megahertz(1500));
    CHECK(a.tensor);
    CHECK_FALSE(activity_of({LaunchPrice{microseconds(1), {}, "", ""}}, {}, megahertz(1500)).tensor);
}

TEST_CASE("restated prices stretch what the clock scales and carry the energy of the other supply") {
    const SystemConfig system = h200();
    const PowerCap clocks(system.power);
    const auto there = restated({price(10, 0.5, 1e-3)}, megahertz(1800), megahertz(1500), clocks);
    CHECK(to_microseconds(there[0].time) == Approx(5 * 1.2 + 5));
    CHECK(there[0].clock_bound == Approx(6.0 / 11));
    CHECK(there[0].energy.tensor < joules(1e-3));
    const auto back = restated(there, megahertz(1500), megahertz(1800), clocks);
    CHECK(to_microseconds(back[0].time) == Approx(10).epsilon(1e-6));
    CHECK(back[0].energy.tensor.raw() == Approx(1e-3));
}

TEST_CASE("a large GEMM settles where the board draws its cap, a small one at the ceiling, and neither is told") {
    const SystemConfig system = h200();
    std::vector<measured::Case> cases = {gemm(8192, 8192, 8192), gemm(128, 512, 512)};
    const auto settled = settle_cases(cases, system, false, 2);
    REQUIRE(settled.size() == 2);
    CHECK(settled[0].clock < megahertz(1500));
    CHECK(settled[0].power.raw() == Approx(system.power.cap.raw()).epsilon(0.02));
    CHECK(settled[1].clock == system.power.tensor_max_clock);
    CHECK(settled[1].power < system.power.cap);
    cases[0].clock = megahertz(1900);  // what was measured plays no part
    CHECK(settle_cases(cases, system, false, 1)[0].clock == settled[0].clock);
}

TEST_CASE("a short window is faster, and what was measured before it counts") {
    const SystemConfig system = h200();
    measured::Case brief = gemm(8192, 8192, 8192), steady = brief;
    brief.window = milliseconds(25);
    const auto rested = settle_cases({brief, steady}, system, false, 2);
    const auto warmed = settle_cases({steady, brief}, system, false, 2);
    CHECK(rested[0].clock > rested[1].clock);
    CHECK(warmed[0].clock == rested[1].clock);
    CHECK(warmed[1].clock < rested[0].clock);
}

TEST_CASE("with the power model the report judges the clock beside the time") {
    const SystemConfig system = h200();
    measured::Case refused = gemm(128, 128, 128);
    refused.problem = "no such kernel";
    ValidateOptions options;
    options.power_model = true;
    const ValidationReport r = validate_cases("x", "y", {gemm(8192, 8192, 8192), refused}, system, options);
    REQUIRE(r.cases.size() == 4);
    CHECK(r.cases[2].family == "clock");
    CHECK(r.cases[2].unit == "MHz");
    CHECK(r.cases[2].measured == Approx(1300));
    CHECK(r.cases[2].predicted > 1000);
    CHECK_FALSE(r.cases[3].covered);
    CHECK(r.cases[3].reason == "no such kernel");
}
