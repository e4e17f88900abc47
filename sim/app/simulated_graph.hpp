// One task graph from its lowering to its numbers: what a run does once and a composed workload for each of its parts.
#pragma once

#include "models/proposals/selection.hpp"
#include "sim/app/lowered.hpp"
#include "sim/result/run_result.hpp"

namespace tessera {

// A configuration with its proposals' hooks done, ready to lower and replay graphs on.
struct Bench {
    Bench(const RunConfig& run, TimerPool& timers);

    const RunConfig& run;
    std::vector<ActiveProposal> active;
    SystemConfig system;
    PassList passes;
    TimerPool& timers;
    KernelBook book() const;  // kernels of one graph; times come from `timers`
};

// All fields but id, proposals and numeric_error. `simulation` as of the run unless given.
RunResult simulate_graph(const Bench& bench, KernelBook& book, const LoweredWorkload& workload);

}  // namespace tessera
