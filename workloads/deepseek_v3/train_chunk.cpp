#include "workloads/deepseek_v3/train_chunk.hpp"

#include "sim/base/error.hpp"
#include "workloads/deepseek_v3/chunk_builder.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/regions.hpp"

#include <algorithm>
#include <string>

namespace tessera::deepseek_v3 {

namespace {

void require(bool condition, const std::string& what) {
    if (!condition) { throw ModelError("training chunk: " + what); }
}

void check_model(const ModelConfig& m) {
    const bool latent = m.attention == AttentionKind::mla;
    require(m.hidden > 0 && m.q_rank >= 0 && (!latent || m.kv_rank > 0), "model widths must be positive");
    require(m.heads > 0 && m.d_nope >= 0 && m.d_rope > 0 && m.d_v > 0 && (!latent || m.d_nope > 0),
            "attention heads and head sizes must be positive");
    require(latent || (m.kv_heads > 0 && m.heads % m.kv_heads == 0), "heads must divide evenly over kv_heads");
    if (m.routed_experts == 0 && m.moe_layers() < 1) { return; }
    require(m.expert_ffn > 0, "model widths must be positive");
    require(m.routed_experts > 0 && m.experts_per_token > 0 && m.experts_per_token <= m.routed_experts,
            "experts_per_token must be in 1..routed_experts");
    require(m.expert_groups > 0 && m.routed_experts % m.expert_groups == 0,
            "routed_experts must divide into expert_groups");
    require(m.groups_per_token > 0 && m.groups_per_token <= m.expert_groups,
            "groups_per_token must be in 1..expert_groups");
    require(m.shared_experts >= 0, "shared_experts must not be negative");
}

}  // namespace

void check_chunk(const WorkloadConfig& w, const SystemConfig& s, const RankLoad& load, std::size_t iterations) {
    check_model(w.model);
    const ParallelConfig& p = w.parallel;
    require(w.layers > 0 && w.tokens > 0, "layers and tokens must be positive");
    require(w.sequence > 0 && w.tokens % w.sequence == 0, "tokens must be a whole number of sequences");
    require(p.expert_ranks > 0 && w.model.routed_experts % p.expert_ranks == 0,
            "routed_experts must divide evenly over expert_ranks");
    require(p.ranks_per_node > 0 && (p.expert_ranks % p.ranks_per_node == 0 || p.expert_ranks < p.ranks_per_node),
            "expert_ranks must fill whole nodes");
    require(p.communication_sms >= 0 && p.communication_sms < s.sm.count,
            "communication_sms must leave SMs for computing");
    require(p.communication_sms > 0 || w.model.routed_experts == 0, "experts need communication_sms of at least 1");
    require(iterations > 0, "needs at least one layer");
    require(load.forward_rows.size() >= iterations && load.backward_rows.size() >= iterations &&
                load.forward_unique.size() >= iterations && load.backward_unique.size() >= iterations,
            "the rank's load must have one entry per layer");
    // Every local expert gets its kernels, so that all ranks launch the same ones.
    const std::int64_t least = (w.model.routed_experts + p.redundant_experts) / p.expert_ranks * kRowAlignment;
    for (const auto* rows : {&load.forward_rows, &load.backward_rows}) {
        for (const std::int64_t r : *rows) {
            require(r >= least || w.model.routed_experts == 0, "a rank with " + std::to_string(r) +
                                                                   " rows leaves an expert without any (needs " +
                                                                   std::to_string(least) + ")");
        }
    }
}

namespace {

// What the cell before made, beside this cell's work.
void send_to_stages(ChunkBuilder& b, int messages) {
    b.begin_region({"pipeline", "pipeline", false, pipeline_stream}, {});
    for (int i = 0; i < messages; ++i) {
        ExchangeDesc e = pipeline_message(b.workload());
        e.reads.push_back(
            routing_operand(b.declare_input("sent." + std::to_string(i)), DType::bf16, e.tokens, b.model().hidden));
        b.add({"send_to_stage", "comm_pipeline", TaskPass::other}, e);
    }
}

// The regions of one iteration, in issue order. Layers without routed experts exchange nothing.
void iteration(ChunkBuilder& b, const ChunkWork& work, int i) {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t forward_layers = work.forward.layers.size(), backward_layers = work.backward.layers.size();
    const bool forward = at < forward_layers, backward = at < backward_layers;
    const bool inputs = backward && work.gradients != Gradients::weights;
    const bool weights = backward && work.gradients != Gradients::inputs;
    const LayerKind f = forward ? work.forward.layers[at] : LayerKind::moe;
    const LayerKind g = backward ? work.backward.layers[backward_layers - 1 - at] : LayerKind::moe;
    const bool routed = f != LayerKind::dense, routed_back = g != LayerKind::dense;
    if (inputs && routed_back) { combine_backward(b); }
    if (forward && f == LayerKind::prediction) { prediction_forward(b); }
    if (forward) { attention_forward(b, f); }
    if (inputs) { routed_back ? mlp_backward(b) : dense_backward(b); }
    if (forward && routed) { dispatch_forward(b); }
    if (inputs && routed_back) { dispatch_backward(b); }
    if (weights) { routed_back ? mlp_weight(b) : dense_weight(b); }
    if (forward) { routed ? mlp_forward(b) : dense_forward(b); }
    if (inputs) { attention_backward(b, g); }
    if (weights) { attention_weight(b); }
    if (inputs && g == LayerKind::prediction) { prediction_backward(b); }
    if (weights && g == LayerKind::prediction) { prediction_weight(b); }
    if (forward && routed) { combine_forward(b); }
}

}  // namespace

TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                            const ChunkWork& work) {
    const std::size_t iterations = std::max(work.forward.layers.size(), work.backward.layers.size());
    check_chunk(workload, system, load, iterations);
    ChunkBuilder b(workload, system, load, work);
    if (work.sends > 0) { send_to_stages(b, work.sends); }
    if (work.forward.embedding) { embedding_forward(b); }
    if (work.backward.head && work.gradients != Gradients::weights) { head_backward(b); }
    if (work.backward.head && work.gradients != Gradients::inputs) { head_weight(b); }
    for (int i = 0; i < static_cast<int>(iterations); ++i) {
        b.begin_iteration(i);
        iteration(b, work, i);
    }
    if (work.forward.head) { head_forward(b); }
    if (work.backward.embedding && work.gradients != Gradients::inputs) { embedding_weight(b); }
    TaskGraph graph = b.finish();
    check(graph);
    for (const Task& t : graph.tasks) { validate(t.kernel); }
    return graph;
}

TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load) {
    ChunkWork work;
    const LayerKind kind = workload.model.moe_layers() > 0 ? LayerKind::moe : LayerKind::dense;
    work.forward.layers.assign(static_cast<std::size_t>(std::max(0, workload.layers)), kind);
    work.backward = work.forward;
    return build_train_chunk(workload, system, load, work);
}

ExchangeDesc pipeline_message(const WorkloadConfig& workload) {
    ExchangeDesc e;
    e.kind = ExchangeKind::send;
    e.tokens = workload.tokens;
    e.bytes_per_token = storage(DType::bf16, workload.model.hidden);
    e.ranks = 2;
    e.ranks_per_node = 1;  // neighbours of a pipeline are on different nodes: expert-parallel groups fill whole nodes
    return e;
}

TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system) {
    return build_train_chunk(workload, system, rank_loads(workload, 1).front());
}

}  // namespace tessera::deepseek_v3
