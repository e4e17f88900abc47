// Edits on task graphs that proposals share: who makes and who reads a tensor, taking tasks out without losing an
// ordering, redirecting a reader to another tensor.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ir/task_graph.hpp"

namespace tessera {

// Producers and consumers by tensor name. Several tasks may write one tensor (slices); indices are task ids.
class TensorUse {
public:
    explicit TensorUse(const TaskGraph& graph);
    const std::vector<TaskId>& producers(std::string_view tensor) const;
    const std::vector<TaskId>& consumers(std::string_view tensor) const;
    // The tensor is used after the graph's last task (stored for a later pass).
    bool lives_on(std::string_view tensor) const { return outputs_.count(std::string(tensor)) != 0; }
    // The only producer; nullptr if none or several.
    const Task* sole_producer(const TaskGraph& graph, std::string_view tensor) const;

private:
    std::map<std::string, std::vector<TaskId>, std::less<>> producers_, consumers_;
    std::set<std::string> outputs_;
};

// `graph` without the marked tasks: whoever waited for one now waits for what it waited for (also its predecessor
// on the stream, if the waiter sits on another stream). Ids are renumbered.
TaskGraph without_tasks(const TaskGraph& graph, const std::vector<bool>& removed);

// Takes a cast whose payload is no longer read out of the graph, with the transposes of its scales, and settles the
// scale operands of the GEMMs behind it: they read the scales as `kept_scales` names them, or none if it is empty
// (scales made inside the GEMM's own load, or delivered beside their groups).
void retire_cast(TaskGraph& graph, const TensorUse& use, TaskId cast, std::string_view kept_scales,
                 std::vector<bool>& removed);

// The stream description inside a task, or nullptr; with a kind: only if it is of that kind.
StreamDesc* stream_of(Task& task);
const StreamDesc* stream_of(const Task& task, StreamKind kind);
GemmDesc* gemm_of(Task& task);
const GemmDesc* gemm_of(const Task& task);

// The first operand of the payload (dtype other than FP32 scales) among `operands`; nullptr if none.
const Operand* payload(const std::vector<Operand>& operands);

}  // namespace tessera
