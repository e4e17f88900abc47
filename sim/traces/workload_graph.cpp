// The task graph of workload.hpp.
#include "sim/base/error.hpp"
#include "sim/traces/kernel_form.hpp"
#include "sim/traces/workload.hpp"

#include <algorithm>
#include <set>

namespace tessera::traces {
namespace {

constexpr Time shortest = femtoseconds(1'000'000);  // 1 ns: what older traces write as 0 us took some time

KernelDesc kernel_of(const WorkloadTask& t) {
    if (!t.kernel) {
        RecordedDesc r;
        r.duration = max(t.duration, shortest);
        r.hbm_bytes = t.bytes;
        r.sms = t.sms;
        return r;
    }
    KernelDesc k = make_kernel(JsonCursor(*t.kernel, t.name));
    const std::vector<Operand*> in = mutable_reads(k);
    invariant(in.size() == t.reads.size(), "a task's tensors do not match its kernel");
    for (std::size_t i = 0; i < in.size(); ++i) { in[i]->tensor = t.reads[i]; }
    const std::vector<Operand*> out = mutable_writes(k);
    invariant(out.size() == t.writes.size(), "a task's tensors do not match its kernel");
    for (std::size_t i = 0; i < out.size(); ++i) { out[i]->tensor = t.writes[i]; }
    return k;
}

bool quantized(const Operand& o) { return is_fp8(o.dtype); }

// Scales are FP32 beside an FP8 tensor of the same kernel.
bool scales(const Operand& o, const std::vector<const Operand*>& beside) {
    return o.dtype == DType::fp32 &&
           std::any_of(beside.begin(), beside.end(), [](const Operand* b) { return quantized(*b); });
}

}  // namespace

TaskGraph workload_graph(const ImportedWorkload& w) {
    TaskGraph g;
    g.name = w.name;
    g.streams = w.streams;
    std::set<std::string> written, inputs, outputs;
    for (const WorkloadTask& t : w.tasks) {
        Task task;
        task.id = static_cast<TaskId>(g.tasks.size());
        task.name = t.name;
        task.role = t.role;
        task.op_class = t.op_class;
        task.region = t.region;
        task.iteration = t.iteration;
        task.pass = t.pass;
        task.stream = t.stream;
        task.kernel = kernel_of(t);
        task.sms = t.sms;
        task.deps.assign(t.after.begin(), t.after.end());
        for (const Operand* o : reads(task.kernel)) {
            if (written.count(o->tensor) == 0) { inputs.insert(o->tensor); }
        }
        const std::vector<const Operand*> out = writes(task.kernel);
        const bool turns_scales = std::holds_alternative<StreamDesc>(task.kernel) &&
                                  std::get<StreamDesc>(task.kernel).kind == StreamKind::scale_transpose;
        for (const Operand* o : out) {
            written.insert(o->tensor);
            if (!quantized(*o) && !scales(*o, out) && !turns_scales) { outputs.insert(o->tensor); }
        }
        g.tasks.push_back(std::move(task));
    }
    g.inputs.assign(inputs.begin(), inputs.end());
    g.outputs.assign(outputs.begin(), outputs.end());
    check(g);
    return g;
}

}  // namespace tessera::traces
