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

// What the removed task waited for: its dependencies and, for waiters on other streams, its stream predecessor.
struct Inherited {
    std::vector<TaskId> same_stream, other_stream;
};

void append_unique(std::vector<TaskId>& to, TaskId id) {
    if (std::find(to.begin(), to.end(), id) == to.end()) { to.push_back(id); }
}

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
    const std::size_t count = graph.tasks.size();
    const auto gone = [&removed](TaskId id) { return removed[static_cast<std::size_t>(id)]; };
    std::vector<Inherited> inherited(count);
    std::vector<TaskId> last_on_stream(graph.streams.size(), -1);
    std::vector<TaskId> renumbered(count, -1);

    // Dependencies may point forward in the list across streams, so resolve removed tasks by a fixed order: a task's
    // own dependencies first.
    std::vector<int> state(count, 0);
    std::vector<TaskId> stream_predecessor(count, -1);
    for (const Task& task : graph.tasks) {
        TaskId& last = last_on_stream[static_cast<std::size_t>(task.stream)];
        stream_predecessor[static_cast<std::size_t>(task.id)] = last;
        last = task.id;
    }
    const auto resolve = [&](auto&& self, TaskId id) -> void {
        const auto i = static_cast<std::size_t>(id);
        if (state[i] == 2) { return; }
        invariant(state[i] == 0, "cycle among removed tasks");
        state[i] = 1;
        Inherited& in = inherited[i];
        const auto take = [&](TaskId dep, std::vector<TaskId>& into) {
            if (!gone(dep)) { return append_unique(into, dep); }
            self(self, dep);
            for (TaskId d : inherited[static_cast<std::size_t>(dep)].other_stream) { append_unique(into, d); }
        };
        for (TaskId dep : graph.tasks[i].deps) {
            take(dep, in.same_stream);
            take(dep, in.other_stream);
        }
        if (stream_predecessor[i] >= 0) { take(stream_predecessor[i], in.other_stream); }
        state[i] = 2;
    };
    for (const Task& task : graph.tasks) {
        if (gone(task.id)) { resolve(resolve, task.id); }
    }

    TaskGraph result;
    result.name = graph.name;
    result.streams = graph.streams;
    result.inputs = graph.inputs;
    result.outputs = graph.outputs;
    for (const Task& task : graph.tasks) {
        if (gone(task.id)) { continue; }
        renumbered[static_cast<std::size_t>(task.id)] = static_cast<TaskId>(result.tasks.size());
        result.tasks.push_back(task);
    }
    for (std::size_t i = 0; i < result.tasks.size(); ++i) {
        Task& task = result.tasks[i];
        std::vector<TaskId> deps;
        const auto link = [&](TaskId old_id) {
            const TaskId now = renumbered[static_cast<std::size_t>(old_id)];
            if (now != static_cast<TaskId>(i)) { append_unique(deps, now); }
        };
        for (TaskId dep : task.deps) {
            if (!gone(dep)) {
                link(dep);
                continue;
            }
            const bool same = graph.tasks[static_cast<std::size_t>(dep)].stream == task.stream;
            const Inherited& in = inherited[static_cast<std::size_t>(dep)];
            for (TaskId d : same ? in.same_stream : in.other_stream) { link(d); }
        }
        // A removed task between two survivors of one stream may have waited for another stream.
        for (TaskId p = stream_predecessor[static_cast<std::size_t>(task.id)]; p >= 0 && gone(p);
             p = stream_predecessor[static_cast<std::size_t>(p)]) {
            for (TaskId d : inherited[static_cast<std::size_t>(p)].same_stream) { link(d); }
        }
        task.deps = std::move(deps);
    }
    for (std::size_t i = 0; i < result.tasks.size(); ++i) { result.tasks[i].id = static_cast<TaskId>(i); }
    return result;
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
