#include "sim/app/simulated_graph.hpp"

#include "models/power/power_cap.hpp"
#include "sim/app/settle_clock.hpp"
#include "sim/app/summarize.hpp"

namespace tessera {

Bench::Bench(const RunConfig& config, TimerPool& pool)
    : run(config),
      active(select_proposals(config.proposals, config.name)),
      system(configured(config.system, active)),
      passes(proposal_passes(active)),
      timers(pool) {}

KernelBook Bench::book() const {
    const int compute_sms = system.sm.count - run.workload.parallel.communication_sms;
    const bool exact = run.simulation.exact;
    return KernelBook(timers.view(system), exact,
                      exact ? std::vector<int>{} : std::vector<int>{compute_sms, system.sm.count});
}

RunResult simulate_graph(const Bench& bench, KernelBook& book, const LoweredWorkload& workload) {
    ReplayInput input;
    input.graph = &workload.graph;
    input.system = &bench.system;
    input.ranks = workload.ranks;
    input.recorded = bench.run.simulation.replay_recorded;
    return summarize(settle_clock(bench.run.simulation, std::move(input), book, PowerCap(bench.system.power)),
                     workload.graph, bench.system);
}

}  // namespace tessera
