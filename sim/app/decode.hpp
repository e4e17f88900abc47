// One decode step of a whole model: the MoE layers in a row as one simulated graph, as often as the model has them; the
// dense layers, the drafting modules, embedding and heads as another.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <vector>

namespace tessera {

// Tokens that a request gets of a step in which `drafted` tokens are checked, each accepted with probability
// `acceptance` if the one before it was: the sum of acceptance^i for i = 0..drafted.
double accepted_tokens(std::int64_t drafted, double acceptance);

// A step of two micro-batches of workload.tokens tokens each on every rank: workload.sequence of each request. Figures:
// time per output token of a request, tokens per second of a GPU and of a node, memory, GPU hours and US dollars per
// 10^12 tokens. Errors as run(), ModelError also for memory that does not fit.
RunResult simulate_decode(const RunConfig& config, TimerPool& timers);

// The step's time if its parts took `parts`. For bounds.
Time recomposed_decode(const RunConfig& config, const std::vector<Time>& parts);

}  // namespace tessera
