// A workload as tasks on streams: each task launches one kernel. Tasks of one stream run in list order;
// `deps` add event waits across streams (and document data dependencies within one).
#pragma once

#include "sim/ir/kernel_desc.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

using TaskId = std::int32_t;
using StreamId = std::int32_t;

// Why the task exists: forward, gradient of inputs, gradient of weights, recomputation, optimizer.
enum class TaskPass : std::uint8_t { forward, backward, weight, recompute, optimizer, other };
std::string_view to_string(TaskPass p);

enum class StreamRole : std::uint8_t { compute, communication, copy };

struct Stream {
    std::string name;
    StreamRole role = StreamRole::compute;
    int max_sms = 0;  // SMs its kernels may occupy (static partition); 0: every free SM
};

struct Task {
    TaskId id = 0;
    std::string name;      // unique in the graph, e.g. "F0.attn.q_b_proj"
    std::string role;      // what it is irrespective of layer, e.g. "q_b_proj"
    std::string op_class;  // reporting class, e.g. "gemm_fp8_fwd", "quant_per_token_cast"
    std::string region;    // e.g. "attn(F)"
    int layer = 0;
    int iteration = 0;
    TaskPass pass = TaskPass::forward;
    StreamId stream = 0;
    KernelDesc kernel;
    int sms = 0;  // own SM limit (persistent grids); 0: the stream's
    std::vector<TaskId> deps;
    int repeat = 1;  // launched so many times back to back (runs of tiny kernels)
};

struct TaskGraph {
    std::string name;
    std::vector<Stream> streams;
    std::vector<Task> tasks;           // index == id; topological order per stream
    std::vector<std::string> inputs;   // tensors that exist before the first task: weights, stored activations, ...
    std::vector<std::string> outputs;  // tensors that live on after the last task
    const Task* find(std::string_view task_name) const;
};

// Throws InternalError if ids, streams or dependencies are inconsistent or cyclic.
void check(const TaskGraph& g);

}  // namespace tessera
