// How much memory the tensors take that a graph makes.
#pragma once

#include "sim/ir/task_graph.hpp"

namespace tessera {

// The most bytes of tensors made by the graph's tasks that are alive at once, tasks taken in list order: from a
// tensor's first writer to its last reader. Tensors that exist before the first task (weights, caches) do not count,
// nor does what a tensor that lives on needs after its last reader. A tensor is as large as its largest operand.
Bytes peak_live_bytes(const TaskGraph& graph);

}  // namespace tessera
