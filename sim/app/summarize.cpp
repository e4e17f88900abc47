#include "sim/app/summarize.hpp"

#include <algorithm>
#include <map>

namespace tessera {
namespace {

std::vector<ClassTotal> totals(const ReplayOutcome& outcome, const TaskGraph& graph) {
    std::map<std::string, ClassTotal> by_class;
    for (const Span& s : outcome.timeline.spans) {
        const Task& task = graph.tasks[static_cast<std::size_t>(s.task)];
        ClassTotal& c = by_class[s.op_class];
        c.op_class = s.op_class;
        c.kernels += s.kernels;
        c.time += s.end - s.start;
        c.traffic += s.traffic;
        c.flops += flops(task.kernel) * s.kernels;
        c.energy_j += s.energy_j;
    }
    for (const CriticalStep& step : outcome.critical.steps) {
        const Task& task = graph.tasks[static_cast<std::size_t>(step.task)];
        by_class[task.op_class].critical += step.busy + step.waited;
    }
    std::vector<ClassTotal> list;
    for (auto& [name, total] : by_class) { list.push_back(std::move(total)); }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    return list;
}

// The limiter with the largest share of the critical path; launch gaps count as launch.
Limiter main_limiter(const std::map<std::string, double>& share) {
    Limiter main = Limiter::none;
    double most = 0;
    for (int i = 0; i <= static_cast<int>(Limiter::wait); ++i) {
        const auto limiter = static_cast<Limiter>(i);
        const auto own = share.find(std::string(to_string(limiter)));
        double sum = own == share.end() ? 0 : own->second;
        const auto gap = share.find("gap");
        if (limiter == Limiter::launch && gap != share.end()) { sum += gap->second; }
        if (sum > most) {
            most = sum;
            main = limiter;
        }
    }
    return main;
}

}  // namespace

RunResult summarize(SettledRun run, const TaskGraph& graph, const SystemConfig& system) {
    RunResult r;
    ReplayOutcome& o = run.outcome;
    r.time = o.timeline.wall;
    r.traffic = o.traffic;
    r.sm_clock = run.clock;
    r.average_power_w = run.power.raw();
    r.energy_j = (run.power * r.time).raw();
    r.energy = o.energy;
    r.idle_energy_j = r.energy_j - o.energy.total().raw();
    r.critical_share = o.critical.share;
    r.limiter = main_limiter(r.critical_share);
    r.classes = totals(o, graph);
    r.communication = o.communication;
    r.communication.below_max_clock = o.compute_clock_time * std::max(0.0, 1 - run.clock / system.power.max_clock);
    const double sm_seconds = system.sm.count * to_seconds(r.time);
    if (sm_seconds > 0) {
        r.sm_utilization = o.sm_seconds / sm_seconds;
        r.tensor_utilization = o.tensor_sm_seconds / sm_seconds;
        r.hbm_utilization = to_double(r.traffic.hbm()) / (system.hbm.peak.raw() * to_seconds(r.time));
    }
    r.timeline = std::move(o.timeline);
    return r;
}

}  // namespace tessera
