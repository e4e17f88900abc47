#include "workloads/deepseek_v3/optimizer_step.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <cmath>

namespace tessera::deepseek_v3 {

namespace {

// AdamW, as a vectorized element-wise kernel over rows of this many parameters.
constexpr std::int64_t kRow = 4096;

class StepBuilder {
public:
    explicit StepBuilder(const WorkloadConfig& workload) : workload_(workload) {
        graph_.name = workload.name;
        graph_.streams = {{"optimizer", StreamRole::compute, 0}};
    }

    void exchange(ExchangeKind kind, const std::string& what, double parameters, double bytes_each, int ranks,
                  int ranks_per_node) {
        if (ranks < 2 || parameters <= 0) { return; }
        ExchangeDesc e;
        e.kind = kind;
        e.tokens = std::llround(parameters);
        e.bytes_per_token = bytes(std::llround(bytes_each));
        e.ranks = ranks;
        e.ranks_per_node = std::min(ranks, ranks_per_node);
        e.reduce = kind == ExchangeKind::reduce_scatter;
        e.sms = workload_.parallel.communication_sms;
        add(what, "comm_gradients", std::move(e));
    }

    void adam(const std::string& what, double parameters) {
        const std::int64_t rows = (std::llround(parameters) + kRow - 1) / kRow;
        if (rows < 1) { return; }
        StreamDesc d = stream_kernels::elementwise(rows, kRow, 4, DType::fp32, DType::fp32);
        const auto name = [&](Operand& o, const char* tensor, double bytes_each) {
            o.tensor = what + "." + tensor;
            o.dtype = bytes_each > 3 ? DType::fp32 : bytes_each > 1 ? DType::bf16 : DType::fp8_e4m3;
        };
        const TrainingMemoryConfig& m = workload_.memory;
        name(d.reads[0], "gradient", m.gradient);
        name(d.reads[1], "master", m.master);
        name(d.reads[2], "mean", m.moments / 2);
        name(d.reads[3], "variance", m.moments / 2);
        const Operand one = d.writes[0];
        d.writes.assign(4, one);
        name(d.writes[0], "weight", m.weight);
        name(d.writes[1], "master", m.master);
        name(d.writes[2], "mean", m.moments / 2);
        name(d.writes[3], "variance", m.moments / 2);
        for (const Operand& o : d.reads) { graph_.inputs.push_back(o.tensor); }
        for (const Operand& o : d.writes) { graph_.outputs.push_back(o.tensor); }
        add("adamw_" + what, "optimizer", std::move(d));
    }

    TaskGraph finish() { return std::move(graph_); }

private:
    void add(const std::string& role, const char* op_class, KernelDesc kernel) {
        Task t;
        t.id = static_cast<TaskId>(graph_.tasks.size());
        t.name = t.role = role;
        t.op_class = op_class;
        t.region = "optimizer";
        t.pass = TaskPass::optimizer;
        if (const auto* e = std::get_if<ExchangeDesc>(&kernel)) { t.sms = e->sms; }
        t.kernel = std::move(kernel);
        if (t.id > 0) { t.deps = {t.id - 1}; }
        graph_.tasks.push_back(std::move(t));
    }

    const WorkloadConfig& workload_;
    TaskGraph graph_;
};

}  // namespace

Replicas replicas(const WorkloadConfig& w, int copies) {
    const int data_parallel = w.pipeline.gpus / w.pipeline.ranks;
    return {copies * data_parallel / w.parallel.expert_ranks, copies * data_parallel};
}

TaskGraph build_optimizer_step(const WorkloadConfig& workload, const SystemConfig&, const StageParameters& parameters,
                               int copies) {
    if (parameters.routed < 0 || parameters.other < 0) { throw ModelError("optimizer: parameters below zero"); }
    const Replicas same = replicas(workload, copies);
    const TrainingMemoryConfig& m = workload.memory;
    const int node = workload.parallel.ranks_per_node;
    StepBuilder b(workload);
    // Copies of an expert are on different nodes.
    b.exchange(ExchangeKind::reduce_scatter, "reduce_experts", parameters.routed, m.gradient, same.experts, 1);
    b.exchange(ExchangeKind::reduce_scatter, "reduce_other", parameters.other, m.gradient, same.other, node);
    b.adam("experts", parameters.routed / std::max(1, same.experts));
    b.adam("other", parameters.other / std::max(1, same.other));
    b.exchange(ExchangeKind::all_gather, "gather_experts", parameters.routed, m.weight, same.experts, 1);
    b.exchange(ExchangeKind::all_gather, "gather_other", parameters.other, m.weight, same.other, node);
    TaskGraph g = b.finish();
    check(g);
    for (const Task& t : g.tasks) { validate(t.kernel); }
    return g;
}

}  // namespace tessera::deepseek_v3
