// One simulation: a configuration to a result.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <string>
#include <vector>

namespace tessera {

// Simulates run.workload on run.system with run.proposals switched on. ConfigError: proposals that do not exist, do
// not fit together or have wrong parameters. ModelError: what the model cannot represent.
RunResult run(const RunConfig& config);

// The same with kernels timed (and remembered) by `timers`, and an id of the caller's choice.
RunResult run(const RunConfig& config, TimerPool& timers, const std::string& id);

// Of a composed workload: its time if the parts of `baseline` took `parts` instead, and messages between them nothing.
// Never longer when no part is longer. For bounds.
Time recomposed(const RunConfig& config, const RunResult& baseline, const std::vector<Time>& parts);

}  // namespace tessera
