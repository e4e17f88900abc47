// The accuracy column of reports.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/task_graph.hpp"

namespace tessera {

// Relative Frobenius error, against float64 of the same quantized operands, of 64 x 64 results of the FP8 GEMM that has
// the largest share of the graph's FP8 operations, as `system` runs it: its length of k, promotion interval and kind of
// scales, the accumulator's fraction bits, scales inside the Tensor Cores or not. Data: standard normal, seed 1, E4M3
// in groups of 1x128 and 128x128 (or 1x128). It is what the Tensor Cores and the promotion add to the error of
// quantization, which no proposal changes. -1 if the graph has no FP8 GEMM. Remembered per switch, by `pool` too if it
// is given; thread-safe.
double numeric_error(const TaskGraph& graph, const SystemConfig& system, TimerPool* pool = nullptr);

}  // namespace tessera
