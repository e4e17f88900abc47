#include "sim/replay/plan.hpp"

#include "sim/base/error.hpp"

namespace tessera {
namespace {

Meeting meeting_of(const KernelDesc& kernel) {
    if (const auto* barrier = std::get_if<BarrierDesc>(&kernel)) {
        return barrier->ranks > 1 ? Meeting::barrier : Meeting::none;
    }
    if (const auto* exchange = std::get_if<ExchangeDesc>(&kernel)) {
        return exchange->ranks > 1 ? Meeting::exchange : Meeting::none;
    }
    return Meeting::none;
}

void link_successors(const TaskGraph& graph, ReplayPlan& plan) {
    const auto valid = [&](TaskId t) { return t >= 0 && static_cast<std::size_t>(t) < graph.tasks.size(); };
    for (const Task& t : graph.tasks) {
        for (const TaskId d : t.deps) {
            invariant(valid(d), "a dependency names no task");
            ++plan.tasks[static_cast<std::size_t>(d)].successors;
        }
        plan.tasks[static_cast<std::size_t>(t.id)].dependencies = static_cast<int>(t.deps.size());
    }
    int total = 0;
    for (PlannedTask& t : plan.tasks) {
        t.first_successor = total;
        total += t.successors;
        t.successors = 0;
    }
    plan.successors.resize(static_cast<std::size_t>(total));
    for (const Task& t : graph.tasks) {
        for (const TaskId d : t.deps) {
            PlannedTask& from = plan.tasks[static_cast<std::size_t>(d)];
            plan.successors[static_cast<std::size_t>(from.first_successor + from.successors++)] = t.id;
        }
    }
}

}  // namespace

ReplayPlan plan_replay(const ReplayInput& input) {
    invariant(input.graph != nullptr && input.system != nullptr, "replay without a graph or a system");
    invariant(!input.ranks.empty(), "replay without ranks");
    const TaskGraph& graph = *input.graph;
    const SystemConfig& system = *input.system;
    ReplayPlan plan;
    plan.graph = &graph;
    plan.total_sms = system.sm.count;
    plan.gap = system.launch.kernel_gap;
    plan.contention = !input.recorded;
    const Frequency clock = input.sm_clock > Frequency::zero() ? input.sm_clock : system.power.sustained_clock;
    plan.capacity = capacities(system, clock);
    plan.tasks.resize(graph.tasks.size());
    plan.stream_tasks.resize(graph.streams.size());
    for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
        const Task& task = graph.tasks[i];
        invariant(static_cast<std::size_t>(task.id) == i, "task ids are not the task's index");
        invariant(task.stream >= 0 && static_cast<std::size_t>(task.stream) < graph.streams.size(), "no such stream");
        invariant(task.repeat > 0, "a task that repeats less than once");
        PlannedTask& planned = plan.tasks[i];
        planned.stream = task.stream;
        planned.repeat = task.repeat;
        const bool known = i < input.gaps.size() && input.gaps[i] != Time::max();
        planned.recorded_gap = known;
        planned.gap = known ? input.gaps[i] : plan.gap;
        planned.first_gap = known ? input.gaps[i] : Time::zero();
        if (input.recorded) {
            planned.need = {SmHold::none, 0, false};
        } else {
            planned.need = sm_need(task, graph.streams[static_cast<std::size_t>(task.stream)], plan.total_sms);
            planned.meeting = meeting_of(task.kernel);
        }
        plan.stream_tasks[static_cast<std::size_t>(task.stream)].push_back(task.id);
    }
    link_successors(graph, plan);
    for (const RankKernels& r : input.ranks) {
        invariant(r.kernels.size() == graph.tasks.size(), "a rank's kernels do not match the graph");
    }
    return plan;
}

Time task_time(const PlannedTask& task, const KernelResult& price, Time gap) {
    return femtoseconds(price.time.raw() * task.repeat + gap.raw() * (task.repeat - 1));
}

}  // namespace tessera
