#include "sim/app/settle_clock.hpp"

#include "sim/base/error.hpp"

#include <cmath>

namespace tessera {
namespace {

constexpr int max_rounds = 4;

// Ratio between the clocks at which kernels are simulated.
constexpr double simulated_ratio = 1.5;

// The nearest of sustained x ratio^k: most runs of a system settle around one of them.
Frequency simulated_clock(Frequency f, Frequency sustained) {
    return sustained * std::pow(simulated_ratio, std::round(std::log(f / sustained) / std::log(simulated_ratio)));
}

Frequency step_down(Frequency f) {
    const double steps = std::floor(f.raw() / clock_step_hz + 1e-9);
    return hertz(std::max(steps, 1.0) * clock_step_hz);
}

}  // namespace

Activity activity_of(const ReplayOutcome& outcome, Frequency clock) {
    Activity a;
    a.energy = outcome.energy;
    a.reference = clock;
    a.clock_time = outcome.critical.clock_time;
    a.fixed_time = outcome.timeline.wall - outcome.critical.clock_time;
    a.tensor = outcome.tensor_sm_seconds > 0;
    return a;
}

SettledRun settle_clock(const SimulationConfig& simulation, ReplayInput input, KernelBook& book,
                        const ClockModel& clocks) {
    const PowerConfig& power = input.system->power;
    const bool fixed = simulation.clock == ClockMode::fixed;
    if (fixed && simulation.fixed_clock <= Frequency::zero()) {
        throw ConfigError("", "/simulation/fixed_clock", "expected a clock above zero because clock is \"fixed\"");
    }
    SettledRun run;
    const bool settles = simulation.clock == ClockMode::power_model;
    const auto replay_at = [&](Frequency f) {
        const bool restate = settles && !simulation.exact;
        book.set_clock(f, restate ? simulated_clock(f, power.sustained_clock) : f, &clocks);
        input.sm_clock = run.clock = f;
        run.outcome = replay(input, book);
        run.power = clocks.board_power(activity_of(run.outcome, f), f);
        ++run.rounds;
    };
    replay_at(fixed ? simulation.fixed_clock : power.sustained_clock);
    if (!settles || run.outcome.timeline.wall <= Time::zero()) { return run; }
    for (Frequency before{}; run.rounds < max_rounds;) {
        const Frequency allowed = step_down(clocks.clock(activity_of(run.outcome, run.clock)));
        if (allowed == run.clock) { break; }
        if (allowed == before && run.clock < allowed) { break; }  // alternates; this is the lower of the two
        before = run.clock;
        replay_at(allowed);
    }
    return run;
}

}  // namespace tessera
