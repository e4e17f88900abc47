#include "workloads/deepseek_v3/optimizer_step.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <cmath>

namespace tessera::deepseek_v3 {

namespace {

// AdamW, as a vectorized element-wise kernel over rows of this many parameters.
constexpr std::int64_t kRow = 4096;
constexpr std::int64_t kBlock = 128;  // side of a weight's scale block
// Parameters of one launch: multi-tensor kernels take a bucket at a time; more than one bucket are whole buckets.
constexpr std::int64_t kBucket = std::int64_t{1} << 26;

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

    // Sum of squares of the shard's gradients, for clipping by their norm.
    void norm(const std::string& what, double parameters) {
        const std::int64_t rows = rows_of(parameters);
        if (rows < 1) { return; }
        StreamDesc d = stream_kernels::elementwise(rows, kRow, 1, DType::fp32, DType::fp32);
        d.reads[0].tensor = what + ".gradient";
        d.reads[0].dtype = type_of(workload_.memory.gradient);
        d.writes[0].tensor = what + ".squares";
        d.writes[0].cols = 1;
        graph_.inputs.push_back(d.reads[0].tensor);
        graph_.outputs.push_back(d.writes[0].tensor);
        add("gradient_norm_" + what, "optimizer", std::move(d), launches(parameters));
    }

    // Gathered BF16 weights to FP8 with 128x128 scales, once for all micro-batches of the next step.
    void cast_weights(const std::string& what, double parameters) {
        const std::int64_t rows = rows_of(parameters) / kBlock * kBlock;
        if (rows < 1 || type_of(workload_.memory.weight) != DType::bf16) { return; }
        StreamDesc d = stream_kernels::block_cast(rows, kRow);
        d.reads[0].tensor = what + ".gathered";
        d.writes[0].tensor = what + ".fp8";
        d.writes[1].tensor = what + ".scales";
        graph_.inputs.push_back(d.reads[0].tensor);
        for (const Operand& o : d.writes) { graph_.outputs.push_back(o.tensor); }
        add("cast_weights_" + what, "optimizer", std::move(d), launches(parameters));
    }

    // Accumulators of the next step start at zero.
    void clear_gradients(const std::string& what, double parameters) {
        const std::int64_t rows = rows_of(parameters);
        if (rows < 1) { return; }
        StreamDesc d = stream_kernels::fill(rows, kRow, type_of(workload_.memory.gradient));
        d.writes[0].tensor = what + ".accumulator";
        graph_.outputs.push_back(d.writes[0].tensor);
        add("clear_gradients_" + what, "optimizer", std::move(d), launches(parameters));
    }

    void adam(const std::string& what, double parameters) {
        const std::int64_t rows = rows_of(parameters);
        if (rows < 1) { return; }
        StreamDesc d = stream_kernels::elementwise(rows, kRow, 4, DType::fp32, DType::fp32);
        const auto name = [&](Operand& o, const char* tensor, double bytes_each) {
            o.tensor = what + "." + tensor;
            o.dtype = type_of(bytes_each);
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
        add("adamw_" + what, "optimizer", std::move(d), launches(parameters));
    }

    TaskGraph finish() { return std::move(graph_); }

private:
    // Rows of one launch.
    static std::int64_t rows_of(double parameters) {
        return (std::min<std::int64_t>(std::llround(parameters), kBucket) + kRow - 1) / kRow;
    }
    static int launches(double parameters) {
        return static_cast<int>(std::max<std::int64_t>(1, (std::llround(parameters) + kBucket - 1) / kBucket));
    }
    static DType type_of(double bytes_each) {
        return bytes_each > 3 ? DType::fp32 : bytes_each > 1 ? DType::bf16 : DType::fp8_e4m3;
    }
    void add(const std::string& role, const char* op_class, KernelDesc kernel, int launched = 1) {
        Task t;
        t.id = static_cast<TaskId>(graph_.tasks.size());
        t.name = t.role = role;
        t.op_class = op_class;
        t.region = "optimizer";
        t.pass = TaskPass::optimizer;
        t.repeat = launched;
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
    const double own_experts = parameters.routed / std::max(1, same.experts);
    const double own_other = parameters.other / std::max(1, same.other);
    b.norm("experts", own_experts);
    b.norm("other", own_other);
    b.adam("experts", own_experts);
    b.adam("other", own_other);
    b.exchange(ExchangeKind::all_gather, "gather_experts", parameters.routed, m.weight, same.experts, 1);
    b.exchange(ExchangeKind::all_gather, "gather_other", parameters.other, m.weight, same.other, node);
    b.cast_weights("experts", parameters.routed);
    b.cast_weights("other", parameters.other);
    b.clear_gradients("experts", parameters.routed);
    b.clear_gradients("other", parameters.other);
    TaskGraph g = b.finish();
    check(g);
    for (const Task& t : g.tasks) { validate(t.kernel); }
    return g;
}

}  // namespace tessera::deepseek_v3
