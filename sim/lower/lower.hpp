// The last steps between a workload's task graph (with the proposals' passes applied) and its kernels' prices.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/pass.hpp"

namespace tessera {

// The generic passes, in order: L2 residency.
PassList lowering_passes();

// Runs them and checks the tensors (dataflow.hpp); every kernel is valid afterwards. InternalError if a pass, a
// proposal's included, left a tensor that nobody writes; ModelError if a kernel has an impossible shape.
TaskGraph finish_lowering(TaskGraph graph, const SystemConfig& system);

}  // namespace tessera
