#include "workloads/deepseek_v3/router.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/operators.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

enum class Extent { scalar, experts, tokens, topk, chosen_groups, groups, scores };

struct Shape {
    std::int64_t rows, cols;
};

Shape shape_of(const ChunkBuilder& b, Extent e) {
    const ModelConfig& m = b.model();
    switch (e) {
        case Extent::scalar: return {1, 1};
        case Extent::experts: return {1, m.routed_experts};
        case Extent::tokens: return {b.tokens(), 1};
        case Extent::topk: return {b.tokens(), m.experts_per_token};
        case Extent::chosen_groups: return {b.tokens(), m.groups_per_token};
        case Extent::groups: return {b.tokens(), m.expert_groups};
        case Extent::scores: return {b.tokens(), m.routed_experts};
    }
    return {1, 1};
}

enum class Action {
    map,         // element-wise over the extent
    compare,     // element-wise, types compiled in (comparison, mask)
    by_index,    // element-wise, one side through an index
    row_sum,     // each row to one value
    column_sum,  // over tokens, one value per expert
    total,       // everything to one value
    set          // writes a constant (kernel or memset)
};

// One small kernel: reads `in`, writes `out` (names without the layer's prefix). `also` is a second FP32 operand.
struct Step {
    const char* role;
    Action action;
    Extent extent;
    const char* in;
    const char* out;
    DType from = DType::fp32, to = DType::fp32;
    const char* also = nullptr;
    Extent also_extent = Extent::scalar;
};

// The framework reduces a small tensor to one value in one block of 512 threads with four loads each in flight (the
// trace's grid; vt0 = 4 of its reduction template).
StreamDesc total_kernel(std::int64_t elements, DType from, DType to) {
    sk::Geometry g;
    g.threads = 512;
    g.smem = bytes(4112);
    g.load_bytes_in_flight = storage(from, 4);
    return sk::with_geometry(sk::router_small(1, elements, from, to, sk::SmallKernel::row_sum), g);
}

StreamDesc kernel_of(const ChunkBuilder& b, const Step& s) {
    const Shape n = shape_of(b, s.extent);
    switch (s.action) {
        case Action::map: {
            const bool broadcast = s.also != nullptr && s.also_extent != s.extent;
            const sk::SmallKernel form = broadcast        ? sk::SmallKernel::generic
                                         : s.from != s.to ? sk::SmallKernel::cast
                                                          : sk::SmallKernel::vectorized;
            return sk::router_small(n.rows, n.cols, s.from, s.to, form);
        }
        case Action::compare: return sk::router_small(n.rows, n.cols, s.from, s.to);
        case Action::by_index: return sk::router_small(n.rows, n.cols, s.from, s.to, sk::SmallKernel::scatter);
        case Action::row_sum: return sk::router_small(n.rows, n.cols, s.from, s.to, sk::SmallKernel::row_sum);
        case Action::column_sum: return sk::router_small(n.cols, n.rows, s.from, s.to, sk::SmallKernel::row_sum);
        case Action::total: return total_kernel(n.rows * n.cols, s.from, s.to);
        case Action::set: return sk::fill(n.rows, n.cols, s.to);
    }
    return {};
}

void run(ChunkBuilder& b, const std::string& prefix, TaskPass pass, std::initializer_list<Step> steps) {
    for (const Step& s : steps) {
        std::vector<std::string> in;
        if (s.action != Action::set) { in.push_back(b.act(s.in)); }
        StreamDesc kernel = kernel_of(b, s);
        if (s.also != nullptr) {
            in.push_back(b.act(s.also));
            kernel.reads.push_back(kernel.reads.front());
            kernel.reads.back().dtype = DType::fp32;
            kernel.reads.back().rows = shape_of(b, s.also_extent).rows;
            kernel.reads.back().cols = shape_of(b, s.also_extent).cols;
        }
        b.add({prefix + s.role, op_class::router, pass}, sk::named(kernel, in, {b.act(s.out)}));
    }
}

// Radix selection of the framework (torch.topk) over [tokens, experts].
void radix_topk(ChunkBuilder& b, const char* role, const char* in, const char* values, const char* ids) {
    const ModelConfig& m = b.model();
    b.add({role, op_class::router, TaskPass::forward},
          sk::named(sk::router_topk_radix(b.tokens(), m.routed_experts, m.experts_per_token), {b.act(in)},
                    {b.act(values), b.act(ids)}));
}

// One block per expert walks all chosen ids to count its tokens.
void count_per_expert(ChunkBuilder& b) {
    const Shape ids = shape_of(b, Extent::topk);
    StreamDesc k = sk::router_small(b.model().routed_experts, ids.rows * ids.cols, DType::int64, DType::fp32,
                                    sk::SmallKernel::row_sum);
    k.reads[0].rows = ids.rows;
    k.reads[0].cols = ids.cols;
    k.reads[0].access = Access::broadcast;
    b.add({"router_aux_fi", op_class::router, TaskPass::forward},
          sk::named(k, {b.act("topk_ids_aux")}, {b.act("expert_fraction")}));
}

void select_groups(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    StreamDesc groups = sk::router_topk(b.tokens(), m.routed_experts, m.groups_per_token);
    groups.writes.resize(1);  // ids; the sums of the best scores stay in registers
    b.add({"router_topk_group_sum_and_idx", op_class::router, TaskPass::forward},
          sk::named(groups, {b.act("biased"), b.weight("router_bias")}, {b.act("group_ids_raw")}));
    run(b, "router_", TaskPass::forward,
        {{"memcpy_group_idx", Action::map, Extent::chosen_groups, "group_ids_raw", "group_ids", DType::int64,
          DType::int64},
         {"fill_group_mask", Action::set, Extent::groups, "", "group_mask", DType::u8, DType::u8},
         {"scatter_group_mask", Action::by_index, Extent::chosen_groups, "group_ids", "group_mask", DType::int64,
          DType::u8},
         {"expand_group_mask_copy", Action::map, Extent::scores, "group_mask", "mask", DType::u8, DType::u8},
         {"memcpy_scores", Action::map, Extent::scores, "biased", "masked"},
         {"masked_fill", Action::compare, Extent::scores, "mask", "masked", DType::u8, DType::fp32}});
}

void normalize_weights(ChunkBuilder& b) {
    constexpr DType i64 = DType::int64;
    const bool grouped = b.model().expert_groups > 1;
    if (grouped) {
        run(b, "router_", TaskPass::forward,
            {{"floor_div_expert_to_group", Action::map, Extent::topk, "topk_ids", "topk_groups", i64, i64},
             {"unique_group_indices", Action::map, Extent::topk, "topk_groups", "unique_groups", i64, i64}});
    }
    run(b, "router_", TaskPass::forward,
        {{"gather_topk_weights", Action::by_index, Extent::topk, "topk_ids", "topk_scores", i64, DType::fp32},
         {"zeros_count", Action::set, Extent::experts, "", "expert_count"},
         {"ones_like", Action::set, Extent::topk, "", "ones"},
         {"add_idx", Action::map, Extent::topk, "topk_ids", "shifted_ids", i64, i64},
         {"scatter_add_count", Action::by_index, Extent::topk, "shifted_ids", "expert_count", i64, DType::fp32, "ones",
          Extent::topk}});
    if (grouped) {  // how many groups a token uses
        run(b, "router_", TaskPass::forward,
            {{"ne", Action::compare, Extent::topk, "unique_groups", "is_group", i64, DType::u8},
             {"to_long", Action::map, Extent::topk, "is_group", "is_group_long", DType::u8, i64},
             {"sum_long", Action::total, Extent::topk, "is_group_long", "group_count", i64, i64},
             {"div_scalar", Action::map, Extent::scalar, "group_count", "group_mean", i64, DType::fp32},
             {"add_scalar", Action::map, Extent::scalar, "group_mean", "group_sum"},
             {"sub", Action::map, Extent::scalar, "group_sum", "group_statistic"}});
        b.declare_output(b.act("group_statistic"));
    }
    run(b, "router_", TaskPass::forward,
        {{"sum_topk_weights", Action::row_sum, Extent::topk, "topk_scores", "weight_sum"},
         {"add_eps", Action::map, Extent::tokens, "weight_sum", "weight_norm"},
         {"div_topk_norm", Action::map, Extent::topk, "topk_scores", "topk_weights", DType::fp32, DType::fp32,
          "weight_norm", Extent::tokens}});
}

}  // namespace

void router_forward(ChunkBuilder& b) {
    run(b, "", TaskPass::forward,
        {{"randn_logits", Action::map, Extent::scores, "gate_logits", "logits"},
         {"sigmoid", Action::map, Extent::scores, "logits", "scores"}});
    run(b, "router_", TaskPass::forward,
        {{"sum_scores", Action::row_sum, Extent::scores, "scores", "score_sum"},
         {"div_normalize", Action::map, Extent::scores, "scores", "normalized", DType::fp32, DType::fp32, "score_sum",
          Extent::tokens},
         {"add_bias", Action::map, Extent::scores, "normalized", "biased"}});
    const bool grouped = b.model().expert_groups > 1;
    if (grouped) { select_groups(b); }
    radix_topk(b, "router_topk_experts", grouped ? "masked" : "biased", "topk_values", "topk_ids");
    normalize_weights(b);
    radix_topk(b, "router_topk_for_aux_loss", "normalized", "topk_values_aux", "topk_ids_aux");
    run(b, "router_", TaskPass::forward,
        {{"memset", Action::set, Extent::experts, "", "mean_probability"},
         {"sum_aux_P", Action::column_sum, Extent::scores, "normalized", "mean_probability"},
         {"memset", Action::set, Extent::experts, "", "expert_fraction"}});
    count_per_expert(b);
    run(b, "router_", TaskPass::forward,
        {{"mul_aux", Action::map, Extent::experts, "expert_fraction", "aux_terms", DType::fp32, DType::fp32,
          "mean_probability", Extent::experts},
         {"sum_aux", Action::row_sum, Extent::experts, "aux_terms", "aux_sum"},
         {"mul_aux_alpha", Action::map, Extent::scalar, "aux_sum", "aux_loss"}});
    for (const char* kept : {"aux_loss", "expert_count"}) { b.declare_output(b.act(kept)); }
}

void router_backward(ChunkBuilder& b) {
    const Extent topk = Extent::topk, scores = Extent::scores;
    run(b, "router_bwd_", TaskPass::backward,
        {{"ones_grad", Action::set, Extent::scalar, "", "d_loss"},
         {"sum_grad", Action::map, Extent::scalar, "d_loss", "d_aux"},
         {"mul_aux_alpha_bwd", Action::map, Extent::scalar, "d_aux", "d_aux_sum"},
         {"mul_aux_bwd", Action::map, Extent::experts, "d_aux_sum", "d_mean"},
         {"zeros_select", Action::set, scores, "", "d_select"},
         {"copy_select", Action::map, scores, "d_mean", "d_select"},
         {"div_bwd", Action::map, topk, "d_topk_weights", "d_quotient"},
         {"div_bwd", Action::map, topk, "d_quotient", "d_quotient_2"},
         {"neg", Action::map, topk, "d_quotient_2", "d_negative"},
         {"mul", Action::map, topk, "d_negative", "d_product"},
         {"div_bwd", Action::map, topk, "d_topk_weights", "d_topk_scores"},
         {"sum", Action::row_sum, topk, "d_product", "d_weight_sum"},
         {"add", Action::map, topk, "d_topk_scores", "d_topk", DType::fp32, DType::fp32, "d_weight_sum",
          Extent::tokens},
         {"zeros_gather", Action::set, scores, "", "d_gather"},
         {"scatter_add_gather_bwd", Action::by_index, topk, "d_topk", "d_gather"},
         {"div_bwd", Action::map, scores, "d_select", "d_norm"},
         {"div_bwd", Action::map, scores, "d_norm", "d_norm_2"},
         {"neg", Action::map, scores, "d_norm_2", "d_norm_negative"},
         {"mul", Action::map, scores, "d_norm_negative", "d_norm_product"},
         {"div_bwd", Action::map, scores, "d_select", "d_scores_aux"},
         {"sum", Action::row_sum, scores, "d_norm_product", "d_score_sum"},
         {"add", Action::map, scores, "d_scores_aux", "d_scores_sum", DType::fp32, DType::fp32, "d_score_sum",
          Extent::tokens},
         {"add", Action::map, scores, "d_gather", "d_scores", DType::fp32, DType::fp32, "d_scores_sum", scores},
         {"sigmoid_bwd", Action::map, scores, "d_scores", "d_logits"},
         {"cast_dlogits_bf16", Action::map, scores, "d_logits", "d_gate_logits", DType::fp32, DType::bf16},
         {"memset", Action::set, Extent::experts, "", "d_expert_count"}});
    b.declare_output(b.act("d_expert_count"));
}

}  // namespace tessera::deepseek_v3
