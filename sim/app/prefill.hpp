// Prefill of a whole model: the MoE layers in a row as one simulated graph, as often as the model has them, and the
// dense layers with embedding and head as another.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <vector>

namespace tessera {

// One batch: two micro-batches of workload.tokens tokens each on every rank. `workload.layers` MoE layers are simulated
// in a row; longer rows pay the first attention and the last combine, which nothing overlaps, less often. The timeline
// is that of the row. Figures: tokens per second of a GPU and of a node, GPU hours and US dollars per 10^12 tokens.
// Errors as run().
RunResult simulate_prefill(const RunConfig& config, TimerPool& timers);

// The batch's time if its parts took `parts`. For bounds.
Time recomposed_prefill(const RunConfig& config, const std::vector<Time>& parts);

}  // namespace tessera
