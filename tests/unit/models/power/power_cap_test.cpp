#include "models/power/power_cap.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;

namespace {

// Supply proportional to the clock, so that dynamic power of clock-bound work goes with its cube.
PowerConfig cubic_board() {
    PowerConfig p;
    p.cap = watts(300);
    p.idle = watts(100);
    p.min_clock = megahertz(500);
    p.max_clock = megahertz(2000);
    p.tensor_max_clock = megahertz(1800);
    p.volts_at_min = 0.25;
    p.volts_at_max = 1.0;
    return p;
}

Activity clock_bound(double joules_at_top) {
    Activity a;
    a.energy.tensor = joules(joules_at_top);
    a.reference = megahertz(2000);
    a.clock_time = milliseconds(1000);
    return a;
}

}  // namespace

TEST_CASE("clock-bound work under a cubic board settles at the cube root") {
    const Frequency f = clock_under_cap(cubic_board(), clock_bound(400));  // 400 W at 2 GHz, 200 W allowed
    CHECK(f.raw() == Approx(2e9 / std::cbrt(2.0)).epsilon(1e-8));
    CHECK(board_power(cubic_board(), clock_bound(400), f) <= watts(300));
    CHECK(board_power(cubic_board(), clock_bound(400), f).raw() == Approx(300));
}

TEST_CASE("work that fits runs at the ceiling, lower under Tensor Core load") {
    Activity light = clock_bound(100);
    CHECK(clock_under_cap(cubic_board(), light) == megahertz(2000));
    light.tensor = true;
    CHECK(clock_under_cap(cubic_board(), light) == megahertz(1800));
}

TEST_CASE("memory-bound time does not stretch, its power falls with the supply alone") {
    Activity a;
    a.energy.l2 = joules(300);  // 300 W at 2 GHz, supply domain
    a.energy.hbm = joules(50);
    a.reference = megahertz(2000);
    a.fixed_time = milliseconds(1000);
    // 300 v^2 + 50 = 200 -> v^2 = 1/2, and the supply is proportional to the clock.
    CHECK(clock_under_cap(cubic_board(), a).raw() == Approx(2e9 * std::sqrt(0.5)).epsilon(1e-8));
}

TEST_CASE("the clock never rises with energy and never falls with the cap") {
    double last = 3e9;
    for (double e = 50; e < 4000; e *= 1.3) {
        const double now = clock_under_cap(cubic_board(), clock_bound(e)).raw();
        CHECK(now <= last);
        last = now;
    }
    last = 0;
    for (double cap = 110; cap < 900; cap += 40) {
        PowerConfig p = cubic_board();
        p.cap = watts(cap);
        const double now = clock_under_cap(p, clock_bound(600)).raw();
        CHECK(now >= last);
        last = now;
    }
}

TEST_CASE("below the lowest clock the supply stays and the clock falls on") {
    const Frequency f = clock_under_cap(cubic_board(), clock_bound(64000));
    CHECK(f < cubic_board().min_clock);  // 64 kW x (1/4)^2 x f / 2 GHz = 200 W
    CHECK(f.raw() == Approx(1e8).epsilon(1e-6));
}

TEST_CASE("what no clock can keep under the cap is refused, as is nonsense") {
    Activity hot;
    hot.energy.hbm = joules(500);
    hot.reference = megahertz(2000);
    hot.fixed_time = milliseconds(1000);
    CHECK_THROWS_AS(clock_under_cap(cubic_board(), hot), ModelError);
    CHECK_THROWS_AS(clock_under_cap(cubic_board(), Activity{}), ModelError);
    PowerConfig cold = cubic_board();
    cold.cap = watts(90);
    CHECK_THROWS_AS(clock_under_cap(cold, clock_bound(10)), ModelError);
    CHECK_THROWS_AS(PowerCap(cold), ModelError);
}

TEST_CASE("the seam answers as the free functions do") {
    const PowerCap cap(cubic_board());
    const ClockModel& model = cap;
    const Activity a = clock_bound(500);
    CHECK(model.clock(a) == clock_under_cap(cubic_board(), a));
    const EnergyUse e = model.at_clock(a.energy, megahertz(2000), megahertz(1000));
    CHECK(e.tensor.raw() == Approx(125));
    CHECK(model.board_power(a, megahertz(2000)).raw() == Approx(600));
}
