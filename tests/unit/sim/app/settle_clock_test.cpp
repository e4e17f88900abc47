#include "sim/app/settle_clock.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

// Kernels that take `cycles` of the SM clock and `joules` of Tensor Core energy.
class CycleTimer : public KernelTimer {
public:
    CycleTimer(double n, double energy) : cycles_(n), joules_(energy) {}
    KernelResult time(const KernelDesc&, const KernelContext& context) override {
        KernelResult r;
        r.time = cycles(cycles_) / context.sm_clock;
        r.energy.tensor = joules(joules_);
        r.tensor_busy = r.time;
        r.sms = context.sms;
        r.limiter = Limiter::tensor_core;
        return r;
    }

private:
    double cycles_, joules_;
};

// Allows cap / energy-per-cycle, whatever the voltage: power = joules / time with time = cycles / f.
class PlainCap : public ClockModel {
public:
    explicit PlainCap(double cap) : watts_(cap) {}
    Frequency clock(const Activity& a) const override {
        const double cycles = to_seconds(a.clock_time) * a.reference.raw();
        return hertz(cycles * watts_ / a.energy.total().raw());
    }
    EnergyUse at_clock(const EnergyUse& e, Frequency, Frequency) const override { return e; }
    Power board_power(const Activity& a, Frequency f) const override {
        return a.energy.total() / seconds(to_seconds(a.clock_time) * (a.reference / f) + to_seconds(a.fixed_time));
    }

private:
    double watts_;
};

struct Setup {
    explicit Setup(double energy)
        : pool([energy](const SystemConfig&) { return std::make_unique<CycleTimer>(1.5e6, energy); }) {
        system.sm.count = 132;
        system.power.sustained_clock = megahertz(1500);
        graph.streams.push_back({"s", StreamRole::compute, 0});
        Task t;
        t.kernel = GemmDesc{};
        graph.tasks.push_back(t);
    }
    SettledRun settle(const SimulationConfig& simulation, const ClockModel& model) {
        KernelBook book(pool.view(system), false);
        ReplayInput input;
        input.graph = &graph;
        input.system = &system;
        input.ranks = {{{book.add(graph.tasks[0].kernel)}}};
        return settle_clock(simulation, input, book, model);
    }
    TimerPool pool;
    SystemConfig system;
    TaskGraph graph;
};

SimulationConfig mode(ClockMode m) {
    SimulationConfig s;
    s.clock = m;
    return s;
}

}  // namespace

TEST_CASE("a clock that is given is used as it is") {
    Setup setup(0.5);
    SimulationConfig fixed = mode(ClockMode::fixed);
    fixed.fixed_clock = megahertz(1000);
    const SettledRun run = setup.settle(fixed, PlainCap(100));
    CHECK(run.clock == megahertz(1000));
    CHECK(run.outcome.timeline.wall == microseconds(1500));
    CHECK(run.rounds == 1);
    CHECK(setup.settle(mode(ClockMode::sustained), PlainCap(100)).clock == megahertz(1500));
    fixed.fixed_clock = Frequency::zero();
    CHECK_THROWS_AS(setup.settle(fixed, PlainCap(100)), ConfigError);
}

// 0.5 J in 1.5 M cycles: 333.3 nJ per cycle; 410 W allow 1230 MHz, which is a whole number of 15 MHz steps.
TEST_CASE("the power model finds the clock that the cap allows") {
    Setup setup(0.5);
    const SettledRun run = setup.settle(mode(ClockMode::power_model), PlainCap(410));
    CHECK(run.clock == megahertz(1230));
    CHECK(run.rounds == 2);
    CHECK(run.power.raw() == Approx(410));
    CHECK(to_seconds(run.outcome.timeline.wall) == Approx(1.5e6 / 1230e6));
    CHECK(setup.settle(mode(ClockMode::power_model), PlainCap(414)).clock == megahertz(1230));  // rounded down
}

TEST_CASE("who draws more power settles at a lower clock") {
    CHECK(Setup(0.6).settle(mode(ClockMode::power_model), PlainCap(410)).clock <
          Setup(0.5).settle(mode(ClockMode::power_model), PlainCap(410)).clock);
}

// A controller that always asks for the other of two clocks.
TEST_CASE("a clock that alternates ends at the lower one after at most four rounds") {
    class Flipping : public PlainCap {
    public:
        Flipping() : PlainCap(1) {}
        Frequency clock(const Activity& a) const override {
            return a.reference > megahertz(1400) ? megahertz(1395) : megahertz(1410);
        }
    };
    Setup setup(0.5);
    const SettledRun run = setup.settle(mode(ClockMode::power_model), Flipping{});
    CHECK(run.clock == megahertz(1395));
    CHECK(run.rounds <= 4);
    CHECK(to_seconds(run.outcome.timeline.wall) == Approx(1.5e6 / 1395e6));
}
