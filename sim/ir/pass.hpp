// A rewriting step over a task graph (pure: graph in, graph out), used by lowering and by proposals.
#pragma once

#include "sim/ir/task_graph.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera {

struct SystemConfig;

// Roles (Task::role) of kernels that software leaves apart although the hardware lets it fuse them into their readers.
using KeptApart = std::set<std::string, std::less<>>;

class GraphPass {
public:
    virtual ~GraphPass() = default;
    virtual std::string_view name() const = 0;
    virtual TaskGraph run(TaskGraph graph, const SystemConfig& system) const = 0;
    // As run(), but kernels of these roles are not fused. Default: a pass that fuses nothing.
    virtual TaskGraph run_keeping(TaskGraph graph, const SystemConfig& system, const KeptApart& /*apart*/) const {
        return run(std::move(graph), system);
    }
    // Whether what it fuses is software's choice, to be made by the times of both forms.
    virtual bool offers_choice() const { return false; }
};

using PassList = std::vector<std::unique_ptr<GraphPass>>;

// Runs the passes in order and checks the graph after each; InternalError names the pass that broke it.
TaskGraph run_passes(TaskGraph graph, const PassList& passes, const SystemConfig& system, const KeptApart& apart = {});

}  // namespace tessera
