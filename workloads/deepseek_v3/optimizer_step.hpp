// What ends a training step: gradients reduced over the ranks that hold the same parameters (ZeRO-1: each keeps a
// shard), the optimizer on the shard, and the new weights gathered.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/config/workload_config.hpp"
#include "sim/ir/task_graph.hpp"
#include "workloads/deepseek_v3/stages.hpp"

namespace tessera::deepseek_v3 {

// Ranks that hold the same parameters: of experts, one rank of each expert-parallel group; of everything else, all
// data-parallel ranks. `copies` of each stage in one pipeline (two in DualPipe) count too.
struct Replicas {
    int experts = 1, other = 1;
};
Replicas replicas(const WorkloadConfig& workload, int copies);

// One rank's tasks, in turn on one stream (no overlap with the last backward pass is assumed): reduce-scatter of
// both kinds of gradients in FP32, the norm of the shards' gradients, AdamW on the shards (gradient, master weight, two
// moments read; the last three written, and the weight), all-gather of both kinds of weights, their cast to FP8 if they
// are kept in BF16, and cleared accumulators. Kinds without replicas exchange nothing. ModelError for parameters below
// zero.
TaskGraph build_optimizer_step(const WorkloadConfig& workload, const SystemConfig& system,
                               const StageParameters& parameters, int copies);

}  // namespace tessera::deepseek_v3
