// A rewriting step over a task graph (pure: graph in, graph out), used by lowering and by proposals.
#pragma once

#include "sim/ir/task_graph.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace tessera {

struct SystemConfig;

class GraphPass {
public:
    virtual ~GraphPass() = default;
    virtual std::string_view name() const = 0;
    virtual TaskGraph run(TaskGraph graph, const SystemConfig& system) const = 0;
};

using PassList = std::vector<std::unique_ptr<GraphPass>>;

// Runs the passes in order and checks the graph after each; InternalError names the pass that broke it.
TaskGraph run_passes(TaskGraph graph, const PassList& passes, const SystemConfig& system);

}  // namespace tessera
