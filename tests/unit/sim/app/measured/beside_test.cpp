#include "sim/app/measured/beside.hpp"

#include "models/power/power_cap.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using measured::beside;
using measured::Beside;
using measured::Side;

namespace {

// 10 ms at 2 GHz that move `read` and `written` bytes of HBM and draw `watts` of the SMs.
Side side(double read, double written, double watts, double clock_bound, double weight = 1) {
    Side s;
    s.at = megahertz(2000);
    s.work.time = milliseconds(10);
    s.work.clock_bound = clock_bound;
    s.work.traffic.hbm_read = bytes(static_cast<std::int64_t>(read));
    s.work.traffic.hbm_write = bytes(static_cast<std::int64_t>(written));
    s.work.energy.tensor = joules(watts * 0.01);
    s.weight = weight;
    return s;
}

SystemConfig board() {
    SystemConfig s = tessera::testing::round_system();
    s.power.volts_at_min = 0.25;  // at 500 MHz: the supply goes with the clock
    s.power.volts_at_max = 1;
    return s;
}

const Time window = milliseconds(2);

}  // namespace

TEST_CASE("two that fit go on at their speed alone") {
    const Beside b = beside(side(1e6, 0, 100, 1), side(1e6, 1e6, 100, 0), board(), window);
    CHECK(b.progress[0] == Approx(1));
    CHECK(b.progress[1] == Approx(1));
    CHECK(b.together == megahertz(2000));
    CHECK(b.bound_by == -1);
}

TEST_CASE("reads that both saturate memory share it by their bytes in flight") {
    const SystemConfig system = board();
    const double all = system.hbm.peak.raw() * system.hbm.read_efficiency * 0.01;
    const Beside b = beside(side(all, 0, 1, 0, 3), side(all, 0, 1, 0, 1), system, window);
    CHECK(b.progress[0] == Approx(0.75));
    CHECK(b.progress[1] == Approx(0.25));
    CHECK(b.bound_by == 0);
}

TEST_CASE("what both draw together lowers the clock of what the clock limits, by the cube root") {
    SystemConfig system = board();
    system.power.cap = system.power.idle + watts(400);
    const Beside b = beside(side(0, 0, 400, 1), side(0, 0, 400, 1), system, window);
    CHECK(b.alone[0].raw() == Approx(2e9).epsilon(1e-6));
    CHECK(b.progress[0] == Approx(std::cbrt(0.5)).epsilon(1e-3));
    CHECK(b.progress[1] == Approx(b.progress[0]));
    const Beside bound = beside(side(0, 0, 400, 1), side(0, 0, 400, 0), system, window);
    CHECK(bound.progress[1] == Approx(1));  // memory-bound: its time does not stretch
    CHECK(bound.progress[0] < 1);
}

TEST_CASE("more bandwidth or more power is never slower") {
    double last = 0;
    for (double factor = 0.5; factor < 4; factor *= 1.3) {
        SystemConfig system = board();
        system.hbm.peak = bytes_per_second(system.hbm.peak.raw() * factor);
        const double all = board().hbm.peak.raw() * 0.01;
        const double now = beside(side(all / 4, 0, 1, 0), side(all / 8, all / 8, 1, 0), system, window).progress[0];
        CHECK(now >= last * (1 - 1e-9));
        last = now;
    }
    last = 0;
    for (double cap = 300; cap < 1200; cap += 100) {
        SystemConfig system = board();
        system.power.cap = watts(cap);
        const Beside b = beside(side(0, 0, 500, 1), side(0, 0, 200, 1), system, window);
        const double now = b.progress[0] * b.alone[0].raw();
        CHECK(now >= last * (1 - 1e-6));
        last = now;
    }
}

TEST_CASE("a weight is bytes in flight over Little's law for one SM") {
    const SystemConfig system = board();
    const double share = system.hbm.peak.raw() * system.hbm.read_efficiency / system.sm.count;
    CHECK(measured::weight_of(share * to_seconds(system.hbm.latency) * 5, system) == Approx(5));
}
