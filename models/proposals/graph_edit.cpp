#include "models/proposals/graph_edit.hpp"

#include <algorithm>

#include "sim/base/error.hpp"

namespace tessera {
namespace {

const std::vector<TaskId> kNone;

void add(std::map<std::string, std::vector<TaskId>, std::less<>>& use, const Operand& operand, TaskId task) {
    if (operand.tensor.empty()) { return; }
    std::vector<TaskId>& tasks = use[operand.tensor];
    if (tasks.empty() || tasks.back() != task) { tasks.push_back(task); }
}

void append_unique(std::vector<TaskId>& to, TaskId id) {
    if (std::find(to.begin(), to.end(), id) == to.end()) { to.push_back(id); }
}

// Takes tasks out and hands their orderings on.
class Removal {
public:
    Removal(const TaskGraph& graph, const std::vector<bool>& removed)
        : graph_(graph), removed_(removed), predecessor_(graph.tasks.size(), -1), waits_(graph.tasks.size()) {
        std::vector<TaskId> last(graph.streams.size(), -1);
        for (const Task& task : graph.tasks) {
            TaskId& before = last[static_cast<std::size_t>(task.stream)];
            predecessor_[index(task.id)] = before;
            before = task.id;
        }
    }

    TaskGraph result() {
        TaskGraph out;
        out.name = graph_.name;
        out.streams = graph_.streams;
        out.inputs = graph_.inputs;
        out.outputs = graph_.outputs;
        std::vector<TaskId> renumbered(graph_.tasks.size(), -1);
        for (const Task& task : graph_.tasks) {
            if (gone(task.id)) { continue; }
            renumbered[index(task.id)] = static_cast<TaskId>(out.tasks.size());
            out.tasks.push_back(task);
        }
        for (Task& task : out.tasks) {
            const TaskId old_id = task.id;
            task.id = renumbered[index(old_id)];
            task.deps.clear();
            for (TaskId dep : surviving_deps(graph_.tasks[index(old_id)])) {
                if (renumbered[index(dep)] != task.id) { append_unique(task.deps, renumbered[index(dep)]); }
            }
        }
        return out;
    }

private:
    // What a removed task waited for, in surviving tasks: its event waits, and with its place on its stream as well.
    struct Waits {
        bool known = false, busy = false;
        std::vector<TaskId> events, all;
    };

    static std::size_t index(TaskId id) { return static_cast<std::size_t>(id); }
    bool gone(TaskId id) const { return removed_[index(id)]; }

    const Waits& waits_of(TaskId id) {
        Waits& w = waits_[index(id)];
        if (w.known) { return w; }
        invariant(!w.busy, "cycle among removed tasks");
        w.busy = true;
        const auto take = [this](TaskId dep, std::vector<TaskId>& into) {
            if (!gone(dep)) { return append_unique(into, dep); }
            for (TaskId d : waits_of(dep).all) { append_unique(into, d); }
        };
        for (TaskId dep : graph_.tasks[index(id)].deps) {
            take(dep, w.events);
            take(dep, w.all);
        }
        if (predecessor_[index(id)] >= 0) { take(predecessor_[index(id)], w.all); }
        w.known = true;
        return w;
    }

    std::vector<TaskId> surviving_deps(const Task& task) {
        std::vector<TaskId> deps;
        for (TaskId dep : task.deps) {
            if (!gone(dep)) {
                append_unique(deps, dep);
                continue;
            }
            const bool same_stream = graph_.tasks[index(dep)].stream == task.stream;
            const Waits& w = waits_of(dep);
            for (TaskId d : same_stream ? w.events : w.all) { append_unique(deps, d); }
        }
        // A removed task between two survivors of one stream may have waited for another stream.
        for (TaskId p = predecessor_[index(task.id)]; p >= 0 && gone(p); p = predecessor_[index(p)]) {
            for (TaskId d : waits_of(p).events) { append_unique(deps, d); }
        }
        return deps;
    }

    const TaskGraph& graph_;
    const std::vector<bool>& removed_;
    std::vector<TaskId> predecessor_;  // on the same stream; -1: none
    std::vector<Waits> waits_;
};

void settle_scales(GemmDesc& gemm, const std::string& scales, std::string_view kept) {
    for (Operand& o : gemm.scales) {
        if (o.tensor == scales) { o.tensor = kept; }
    }
    const auto dropped = [](const Operand& o) { return o.tensor.empty(); };
    gemm.scales.erase(std::remove_if(gemm.scales.begin(), gemm.scales.end(), dropped), gemm.scales.end());
}

}  // namespace

TensorUse::TensorUse(const TaskGraph& graph) : outputs_(graph.outputs.begin(), graph.outputs.end()) {
    for (const Task& task : graph.tasks) {
        for (const Operand* o : writes(task.kernel)) { add(producers_, *o, task.id); }
        for (const Operand* o : reads(task.kernel)) { add(consumers_, *o, task.id); }
    }
}

const std::vector<TaskId>& TensorUse::producers(std::string_view tensor) const {
    const auto it = producers_.find(tensor);
    return it == producers_.end() ? kNone : it->second;
}

const std::vector<TaskId>& TensorUse::consumers(std::string_view tensor) const {
    const auto it = consumers_.find(tensor);
    return it == consumers_.end() ? kNone : it->second;
}

const Task* TensorUse::sole_producer(const TaskGraph& graph, std::string_view tensor) const {
    const std::vector<TaskId>& made_by = producers(tensor);
    return made_by.size() == 1 ? &graph.tasks[static_cast<std::size_t>(made_by.front())] : nullptr;
}

TaskGraph without_tasks(const TaskGraph& graph, const std::vector<bool>& removed) {
    return Removal(graph, removed).result();
}

void retire_cast(TaskGraph& graph, const TensorUse& use, TaskId cast, std::string_view kept_scales,
                 std::vector<bool>& removed) {
    removed[static_cast<std::size_t>(cast)] = true;
    std::vector<std::string> scales;
    for (const Operand* written : writes(graph.tasks[static_cast<std::size_t>(cast)].kernel)) {
        if (written->dtype == DType::fp32) { scales.push_back(written->tensor); }
    }
    for (std::size_t i = 0; i < scales.size(); ++i) {
        for (TaskId reader : use.consumers(scales[i])) {
            Task& task = graph.tasks[static_cast<std::size_t>(reader)];
            if (const StreamDesc* turned = stream_of(task, StreamKind::scale_transpose)) {
                removed[static_cast<std::size_t>(reader)] = true;
                for (const Operand& o : turned->writes) { scales.push_back(o.tensor); }
            } else if (GemmDesc* gemm = gemm_of(task)) {
                settle_scales(*gemm, scales[i], kept_scales);
            }
        }
    }
}

StreamDesc* stream_of(Task& task) { return std::get_if<StreamDesc>(&task.kernel); }

const StreamDesc* stream_of(const Task& task, StreamKind kind) {
    const auto* stream = std::get_if<StreamDesc>(&task.kernel);
    return stream != nullptr && stream->kind == kind ? stream : nullptr;
}

GemmDesc* gemm_of(Task& task) { return std::get_if<GemmDesc>(&task.kernel); }
const GemmDesc* gemm_of(const Task& task) { return std::get_if<GemmDesc>(&task.kernel); }

const Operand* payload(const std::vector<Operand>& operands) {
    const auto it =
        std::find_if(operands.begin(), operands.end(), [](const Operand& o) { return o.dtype != DType::fp32; });
    return it == operands.end() ? nullptr : &*it;
}

}  // namespace tessera
