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

}  // namespace tessera
