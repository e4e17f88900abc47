#include "workloads/deepseek_v3/train_chunk.hpp"

#include "sim/base/error.hpp"
#include "workloads/deepseek_v3/chunk_builder.hpp"
#include "workloads/deepseek_v3/regions.hpp"

#include <string>

namespace tessera::deepseek_v3 {

namespace {

void require(bool condition, const std::string& what) {
    if (!condition) { throw ModelError("training chunk: " + what); }
}

void check_model(const ModelConfig& m) {
    require(m.hidden > 0 && m.q_rank > 0 && m.kv_rank > 0 && m.expert_ffn > 0, "model widths must be positive");
    require(m.heads > 0 && m.d_nope > 0 && m.d_rope > 0 && m.d_v > 0,
            "attention heads and head sizes must be positive");
    require(m.routed_experts > 0 && m.experts_per_token > 0 && m.experts_per_token <= m.routed_experts,
            "experts_per_token must be in 1..routed_experts");
    require(m.expert_groups > 0 && m.routed_experts % m.expert_groups == 0,
            "routed_experts must divide into expert_groups");
    require(m.groups_per_token > 0 && m.groups_per_token <= m.expert_groups,
            "groups_per_token must be in 1..expert_groups");
    require(m.shared_experts >= 0, "shared_experts must not be negative");
}

void check_shapes(const WorkloadConfig& w, const SystemConfig& s, const RankLoad& load) {
    check_model(w.model);
    const ParallelConfig& p = w.parallel;
    require(w.layers > 0 && w.tokens > 0, "layers and tokens must be positive");
    require(w.sequence > 0 && w.tokens % w.sequence == 0, "tokens must be a whole number of sequences");
    require(p.expert_ranks > 0 && w.model.routed_experts % p.expert_ranks == 0,
            "routed_experts must divide evenly over expert_ranks");
    require(p.ranks_per_node > 0 && (p.expert_ranks % p.ranks_per_node == 0 || p.expert_ranks < p.ranks_per_node),
            "expert_ranks must fill whole nodes");
    require(p.communication_sms > 0 && p.communication_sms < s.sm.count,
            "communication_sms must leave SMs for computing");
    const auto layers = static_cast<std::size_t>(w.layers);
    require(load.forward_rows.size() == layers && load.backward_rows.size() == layers &&
                load.forward_unique.size() == layers && load.backward_unique.size() == layers,
            "the rank's load must have one entry per layer");
    // Every local expert gets its kernels, so that all ranks launch the same ones.
    const std::int64_t least = w.model.routed_experts / p.expert_ranks * kRowAlignment;
    for (const auto* rows : {&load.forward_rows, &load.backward_rows}) {
        for (const std::int64_t r : *rows) {
            require(r >= least, "a rank with " + std::to_string(r) + " rows leaves an expert without any (needs " +
                                    std::to_string(least) + ")");
        }
    }
}

}  // namespace

TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load) {
    check_shapes(workload, system, load);
    ChunkBuilder b(workload, system, load);
    for (int i = 0; i < workload.layers; ++i) {
        b.begin_iteration(i);
        combine_backward(b);
        attention_forward(b);
        mlp_backward(b);
        dispatch_forward(b);
        dispatch_backward(b);
        mlp_weight(b);
        mlp_forward(b);
        attention_backward(b);
        attention_weight(b);
        combine_forward(b);
    }
    TaskGraph graph = b.finish();
    check(graph);
    for (const Task& t : graph.tasks) { validate(t.kernel); }
    return graph;
}

TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system) {
    return build_train_chunk(workload, system, rank_loads(workload, 1).front());
}

}  // namespace tessera::deepseek_v3
