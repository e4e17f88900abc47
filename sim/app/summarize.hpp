// From a replayed run to the numbers that are reported.
#pragma once

#include "sim/app/settle_clock.hpp"
#include "sim/result/run_result.hpp"

namespace tessera {

// All fields of RunResult but id, proposals and numeric_error.
RunResult summarize(SettledRun run, const TaskGraph& graph, const SystemConfig& system);

}  // namespace tessera
