#include "sim/ir/task_graph.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <set>

namespace tessera {

std::string_view to_string(TaskPass p) {
    switch (p) {
        case TaskPass::forward: return "forward";
        case TaskPass::backward: return "backward";
        case TaskPass::weight: return "weight";
        case TaskPass::recompute: return "recompute";
        case TaskPass::optimizer: return "optimizer";
        case TaskPass::other: return "other";
    }
    return "unknown";
}

const Task* TaskGraph::find(std::string_view task_name) const {
    const auto it = std::find_if(tasks.begin(), tasks.end(), [&](const Task& t) { return t.name == task_name; });
    return it == tasks.end() ? nullptr : &*it;
}

namespace {

void require(bool condition, const TaskGraph& g, const Task& t, const std::string& what) {
    if (!condition) { throw InternalError("task graph '" + g.name + "', task '" + t.name + "': " + what); }
}

void check_task(const TaskGraph& g, const Task& t, std::size_t index, std::set<std::string_view>& names) {
    require(t.id >= 0 && static_cast<std::size_t>(t.id) == index, g, t, "id differs from its position");
    require(!t.name.empty() && names.insert(t.name).second, g, t, "name is empty or not unique");
    require(t.stream >= 0 && static_cast<std::size_t>(t.stream) < g.streams.size(), g, t, "stream does not exist");
    require(t.repeat >= 1, g, t, "repeat must be at least 1");
    require(t.sms >= 0, g, t, "negative SM limit");
    for (const TaskId d : t.deps) {
        require(d >= 0 && static_cast<std::size_t>(d) < g.tasks.size() && d != t.id, g, t, "dependency does not exist");
    }
}

// Every task must become ready once its dependencies and its predecessor on the stream are done (Kahn's
// algorithm); what is left over waits on a cycle.
void check_acyclic(const TaskGraph& g) {
    std::vector<std::vector<TaskId>> successors(g.tasks.size());
    std::vector<int> open(g.tasks.size(), 0);
    std::vector<TaskId> last(g.streams.size(), -1);
    for (const Task& t : g.tasks) {
        const auto add_edge = [&](TaskId from) {
            successors[static_cast<std::size_t>(from)].push_back(t.id);
            ++open[static_cast<std::size_t>(t.id)];
        };
        for (const TaskId d : t.deps) { add_edge(d); }
        TaskId& previous = last[static_cast<std::size_t>(t.stream)];
        if (previous >= 0) { add_edge(previous); }
        previous = t.id;
    }
    std::vector<TaskId> ready;
    for (const Task& t : g.tasks) {
        if (open[static_cast<std::size_t>(t.id)] == 0) { ready.push_back(t.id); }
    }
    std::size_t done = 0;
    while (!ready.empty()) {
        const TaskId id = ready.back();
        ready.pop_back();
        ++done;
        for (const TaskId s : successors[static_cast<std::size_t>(id)]) {
            if (--open[static_cast<std::size_t>(s)] == 0) { ready.push_back(s); }
        }
    }
    if (done == g.tasks.size()) { return; }
    for (const Task& t : g.tasks) { require(open[static_cast<std::size_t>(t.id)] == 0, g, t, "waits on a cycle"); }
}

}  // namespace

void check(const TaskGraph& g) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < g.tasks.size(); ++i) { check_task(g, g.tasks[i], i, names); }
    check_acyclic(g);
}

}  // namespace tessera
