#include "models/power/clock_session.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;

namespace {

// Supply proportional to the clock: clock-bound work of 400 W at 2 GHz is allowed cbrt(1/2) of it by the cap of 300 W
// over 100 W idle, and cbrt(3/4) by the peak of 400 W.
PowerConfig board() {
    PowerConfig p;
    p.cap = watts(300);
    p.peak = watts(400);
    p.idle = watts(100);
    p.min_clock = megahertz(500);
    p.max_clock = p.tensor_max_clock = megahertz(2000);
    p.volts_at_min = 0.25;
    p.cap_fall = milliseconds(100);
    p.cap_rise = milliseconds(50);
    return p;
}

Activity load(double joules_at_top) {
    Activity a;
    a.energy.tensor = joules(joules_at_top);
    a.reference = megahertz(2000);
    a.clock_time = milliseconds(1000);
    return a;
}

const double slow = 2e9 / std::cbrt(2.0), fast = 2e9 * std::cbrt(0.75);

}  // namespace

TEST_CASE("a moment's load runs at the peak's clock, a long one at the cap's") {
    CHECK(ClockSession(board()).run(load(400), microseconds(1)).raw() == Approx(fast).epsilon(1e-6));
    CHECK(ClockSession(board()).run(load(400), milliseconds(1e6)).raw() == Approx(slow).epsilon(1e-4));
    CHECK(ClockSession(board()).run(load(400), Time::zero()).raw() == Approx(slow));
}

TEST_CASE("in between, the mean is that of an exponential cut at the peak's clock") {
    const double window = 0.2, tau = 0.1, off = 2e9 - slow;
    double sum = 0;
    const int steps = 200000;
    for (int i = 0; i < steps; ++i) {
        const double t = (i + 0.5) * window / steps;
        sum += std::min(fast, slow + off * std::exp(-t / tau));
    }
    CHECK(ClockSession(board()).run(load(400), milliseconds(200)).raw() == Approx(sum / steps).epsilon(1e-6));
}

TEST_CASE("what ran before holds the clock down, and rest under light load lifts it") {
    ClockSession session(board());
    session.run(load(400), Time::zero());
    CHECK(session.run(load(400), milliseconds(20)).raw() == Approx(slow));
    const double first = session.run(load(50), milliseconds(50)).raw();  // may run at 2 GHz
    CHECK(first == Approx(2e9 - (2e9 - slow) * (1 - std::exp(-1.0))));
    CHECK(session.run(load(50), milliseconds(50)).raw() > first);
}

TEST_CASE("longer never means faster after a rest, and a higher peak is never slower") {
    double last = 3e9;
    for (double ms = 1; ms < 1000; ms *= 1.7) {
        const double now = ClockSession(board()).run(load(600), milliseconds(ms)).raw();
        CHECK(now <= last * (1 + 1e-12));
        last = now;
    }
    last = 0;
    for (double w = 300; w < 900; w += 50) {
        PowerConfig p = board();
        p.peak = watts(w);
        const double now = ClockSession(p).run(load(600), milliseconds(30)).raw();
        CHECK(now >= last);
        last = now;
    }
}

TEST_CASE("without a peak and time constants the session is the cap's answer") {
    PowerConfig p = board();
    p.peak = {};
    p.cap_fall = p.cap_rise = {};
    CHECK(ClockSession(p).run(load(400), milliseconds(1)) == clock_under_cap(p, load(400)));
    p.cap_fall = milliseconds(-1);
    CHECK_THROWS_AS(ClockSession(p), ModelError);
}
