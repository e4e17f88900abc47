// Simulation of an imported workload (sim/traces): recorded durations, changed by what the model says of proposals.
#pragma once

#include "models/proposals/selection.hpp"
#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <optional>
#include <vector>

namespace tessera {

// As run() for a workload that names a file. With workload.timing "calibrated" (the default) kernels of known shape
// take recorded time x model(variant) / model(baseline), each model time at the clock that the power model finds for
// that run, and everything else stands as recorded, launch gaps and overlap included; without proposals that is the
// recording. With "predicted" kernels of known shape are timed by the model alone, contention and all. With
// simulation.replay_recorded nothing is modelled. ConfigError: the file. ModelError: a graph that the proposals cannot
// be applied to.
RunResult run_imported(const RunConfig& config, TimerPool& timers, const std::vector<ActiveProposal>& active);

// The recording itself as a timeline; nothing if the run's workload is not an imported one.
std::optional<Timeline> recording_of(const RunConfig& config);

}  // namespace tessera
