#include "sim/app/run.hpp"

#include "models/power/power_cap.hpp"
#include "models/proposals/selection.hpp"
#include "sim/app/lowered.hpp"
#include "sim/app/numeric_error.hpp"
#include "sim/app/settle_clock.hpp"
#include "sim/app/summarize.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

// Recorded durations cannot be mixed with predicted ones: neither knows what the other's overlap cost.
void check_recorded(const TaskGraph& graph) {
    for (const Task& t : graph.tasks) {
        if (!std::holds_alternative<RecordedDesc>(t.kernel)) {
            throw ModelError("replay of recorded durations was asked for, but task \"" + t.name +
                             "\" has no recorded duration");
        }
    }
}

std::string id_of(const std::vector<ActiveProposal>& active) {
    std::string id;
    for (const ActiveProposal& a : active) { id += (id.empty() ? "" : "+") + std::string(a.proposal->slug()); }
    return id.empty() ? "baseline" : id;
}

}  // namespace

RunResult run(const RunConfig& config, TimerPool& timers, const std::string& id) {
    const std::vector<ActiveProposal> active = select_proposals(config.proposals, config.name);
    const SystemConfig system = configured(config.system, active);
    const PassList passes = proposal_passes(active);
    const int compute_sms = system.sm.count - config.workload.parallel.communication_sms;
    KernelBook book(timers.view(system), config.simulation.exact,
                    config.simulation.exact ? std::vector<int>{} : std::vector<int>{compute_sms, system.sm.count});
    const LoweredWorkload workload = lower_workload(config, system, passes, book);
    if (config.simulation.replay_recorded) { check_recorded(workload.graph); }

    ReplayInput input;
    input.graph = &workload.graph;
    input.system = &system;
    input.ranks = workload.ranks;
    input.recorded = config.simulation.replay_recorded;
    RunResult result = summarize(settle_clock(config.simulation, std::move(input), book, PowerCap(system.power)),
                                 workload.graph, system);
    result.numeric_error = numeric_error(workload.graph, system);
    result.id = id.empty() ? id_of(active) : id;
    for (const ActiveProposal& a : active) { result.proposals.emplace_back(a.proposal->slug()); }
    return result;
}

RunResult run(const RunConfig& config) {
    TimerPool timers(simulated_devices());
    return run(config, timers, {});
}

}  // namespace tessera
