#include "sim/lower/lower.hpp"

#include "sim/lower/dataflow.hpp"
#include "sim/lower/l2_residency.hpp"

namespace tessera {

PassList lowering_passes() {
    PassList passes;
    passes.push_back(std::make_unique<L2ResidencyPass>());
    return passes;
}

TaskGraph finish_lowering(TaskGraph graph, const SystemConfig& system) {
    graph = run_passes(std::move(graph), lowering_passes(), system);
    check_dataflow(graph);
    for (const Task& t : graph.tasks) { validate(t.kernel); }
    return graph;
}

}  // namespace tessera
