#include "sim/ir/pass.hpp"

#include "sim/base/error.hpp"

namespace tessera {

TaskGraph run_passes(TaskGraph graph, const PassList& passes, const SystemConfig& system, const KeptApart& apart) {
    for (const auto& pass : passes) {
        graph = pass->run_keeping(std::move(graph), system, apart);
        try {
            check(graph);
        } catch (const InternalError& e) {
            throw InternalError("pass '" + std::string(pass->name()) + "' broke the graph: " + e.what());
        }
    }
    return graph;
}

}  // namespace tessera
