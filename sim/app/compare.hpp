// The comparison: today's system against every variant.
#pragma once

#include "sim/app/parallel.hpp"
#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <functional>
#include <string>

namespace tessera {

// Simulates run.workload on run.system without proposals and with those of every variant (variants.hpp); run.proposals,
// the choice of a plain run, plays no part. Variants run in up to `jobs` child processes that inherit the baseline's
// kernels; the result does not depend on `jobs`. Errors name the variant.
Comparison compare(const RunConfig& config, int jobs, const ProgressFn& progress = {});

// How a comparison simulates: a configuration with its proposals, and the id of the result. `timers`, if given, is
// the pool that `simulate` uses: what one child has simulated the children started later know.
using Simulate = std::function<RunResult(const RunConfig&, const std::string& id)>;
Comparison compare(const RunConfig& config, int jobs, const ProgressFn& progress, const Simulate& simulate,
                   TimerPool* timers = nullptr);

// The program's version, as results carry it.
std::string code_version();

}  // namespace tessera
