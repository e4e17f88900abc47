// The SM clock that a run settles at, found together with its timeline.
#pragma once

#include "sim/app/kernel_book.hpp"
#include "sim/config/run_config.hpp"
#include "sim/ir/clock_model.hpp"

namespace tessera {

struct SettledRun {
    ReplayOutcome outcome;
    Frequency clock{};
    Power power{};  // mean over the run, whole board
    int rounds = 0;
};

// Steps of the SM clock: NVIDIA's supported clocks are 15 MHz apart (nvidia-smi -q -d SUPPORTED_CLOCKS).
inline constexpr double clock_step_hz = 15e6;

// Clock mode `fixed` and `sustained` replay once. With the power model the run is replayed at a clock, its mean power
// gives the clock that the cap allows (rounded down to a step), and so on until that is the clock it was replayed at,
// at most four rounds; if the clock then still alternates between neighbours, the lower one stands. `input` without
// its sm_clock. Deterministic, and independent of what was simulated before.
SettledRun settle_clock(const SimulationConfig& simulation, ReplayInput input, KernelBook& book,
                        const ClockModel& clocks);

// What the power model needs to know of a replayed run.
Activity activity_of(const ReplayOutcome& outcome, Frequency clock);

}  // namespace tessera
