#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/grouped_projections.hpp"
#include "workloads/deepseek_v3/latent_projections.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"
#include "workloads/deepseek_v3/router.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kBackward = TaskPass::backward;
constexpr TaskPass kWeight = TaskPass::weight;
constexpr DType kBf16 = DType::bf16;

Operand matrix(const std::string& tensor, DType dtype, std::int64_t rows, std::int64_t cols) {
    return routing_operand(tensor, dtype, rows, cols);
}

void gate_gradients(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens(), experts = m.routed_experts;
    GemmDesc dx;  // d_logits W: W is read along its rows (N-major)
    dx.m = tokens;
    dx.n = m.hidden;
    dx.k = experts;
    dx.a = matrix(b.act("d_gate_logits"), kBf16, tokens, experts);
    dx.b = matrix(b.weight("gate"), kBf16, experts, m.hidden);
    dx.b_k_major = false;
    dx.d = matrix(b.act("dx_gate"), kBf16, tokens, m.hidden);
    b.add({"gate_dgrad_bf16", op_class::gemm_gate, kBackward}, dx, b.compute_sms());
    GemmDesc dw;  // d_logits^T x: both read along the rows
    dw.m = experts;
    dw.n = m.hidden;
    dw.k = tokens;
    dw.a = matrix(b.act("d_gate_logits"), kBf16, tokens, experts);
    dw.b = matrix(b.stored("ffn_norm"), kBf16, tokens, m.hidden);
    dw.a_k_major = dw.b_k_major = false;
    dw.accumulate = true;
    dw.d = matrix(b.gradient("gate"), DType::fp32, experts, m.hidden);
    b.add({"gate_wgrad_bf16", op_class::gemm_gate, kWeight}, dw, b.compute_sms());
}

// From the gradient of the FFN norm's output to that of the attention output, with the operands of o_proj's
// weight gradient. Returns the attention output restored from its store.
std::string output_projection_gradient(ChunkBuilder& b, const std::string& d_ffn_norm) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens(), width = m.heads * m.d_v;
    rms_norm_backward(b, "rmsnorm_ffn_bwd", {b.stored("residual"), d_ffn_norm, b.act("d_residual"), b.act("dy")},
                      "norm_ffn", m.hidden);
    const std::string d_o = b.act("d_o_scaled");
    b.add({"scale_d_o_proj_out", op_class::eltwise, kBackward},
          sk::named(sk::elementwise_scale(tokens, m.hidden), {b.act("d_residual")}, {d_o}));
    std::string attn_out = b.stored("attn_out");
    if (b.recipe().store_attention_output_e5m6) {
        attn_out = b.act("attn_out");
        // A persistent grid of eight blocks per SM of the compute partition (896 in the trace).
        b.add({"castback_attn_out_from_E5M6", op_class::special_cast, kWeight},
              sk::named(sk::special_cast_back_e5m6(tokens, width, 8 * b.compute_sms()), {b.stored("attn_out.e5m6")},
                        {attn_out}));
    }
    Fp8Tensor d = cast(b, {"cast_dO_proj", op_class::per_token_cast, kBackward}, d_o, tokens, m.hidden);
    const std::string w =
        transposed_weight(b, {"T_o_proj_weight", op_class::weight_transpose, kBackward}, "o", m.hidden, width);
    d.scales =
        transpose_scales(b, {"scaleT_dO_proj", op_class::scale_transpose, kBackward}, d.scales, tokens, m.hidden);
    fp8_linear(b, {"o_proj_dgrad", op_class::gemm_dgrad, kBackward}, d, w, {tokens, width, m.hidden, {}},
               b.act("d_attn_out"));
    cast_transposed(b, {"castT_attn_out", op_class::cast_transpose, kWeight}, attn_out, tokens, width);
    cast_transposed(b, {"castT_d_o_proj", op_class::cast_transpose, kWeight}, d_o, tokens, m.hidden);
    return attn_out;
}

void core_attention_gradient(ChunkBuilder& b, const AttentionInputs& in, const std::string& attn_out) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const std::string dq_sum = b.act("dq_sum"), delta = b.act("delta"), d_out = b.act("d_attn_out");
    b.add({"flash_bwd_preprocess", "attn_bwd_prepost", kBackward},
          sk::named(sk::attention_preprocess(tokens, m.heads, m.d_v, m.d_qk()), {attn_out, d_out}, {delta, dq_sum}));
    AttentionDesc a = attention_kernel(b, AttentionPass::backward);
    const Operand sum = matrix(dq_sum, DType::fp32, tokens, m.heads * m.d_qk());
    a.reads = {query_operand(b, in.q),
               key_operand(b, in.k),
               value_operand(b, in.kv),
               output_operand(b, d_out),
               sum,
               matrix(delta, DType::fp32, tokens, m.heads),
               matrix(b.stored("lse"), DType::fp32, tokens, m.heads)};
    const Operand dk = key_operand(b, b.act("dk")), dv = value_operand(b, b.act("dv"));
    const bool shared = a.kv_heads < a.heads;  // gradients of several query heads are summed in FP32
    a.writes = {sum, dk, dv};
    if (shared) {
        a.writes[1] = matrix(b.act("dk_sum"), DType::fp32, tokens, dk.cols);
        a.writes[2] = matrix(b.act("dv_sum"), DType::fp32, tokens, dv.cols);
    }
    b.add({"flash_attn_bwd", "attn_bwd", kBackward}, a);
    const auto convert = [&](const std::string& role, std::int64_t heads, std::int64_t d, const std::string& from,
                             const std::string& to) {
        b.add({role, "attn_bwd_prepost", kBackward},
              sk::named(sk::attention_postprocess(tokens, heads, d), {from}, {to}));
    };
    convert("flash_bwd_postprocess_dQ", m.heads, m.d_qk(), dq_sum, b.act("dq"));
    if (shared) {
        convert("flash_bwd_postprocess_dK", m.kv_heads, m.d_qk(), a.writes[1].tensor, dk.tensor);
        convert("flash_bwd_postprocess_dV", m.kv_heads, m.d_v, a.writes[2].tensor, dv.tensor);
    }
}

void query_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens(), width = m.heads * m.d_qk();
    const std::string dq = b.act("dq");
    b.add({"rope_q_bwd", op_class::rope, kBackward},
          sk::named(sk::rope(tokens, m.heads, m.d_rope, m.d_qk()), {dq, b.declare_input("rope_table")}, {dq}));
    if (m.q_rank == 0) { return; }  // the queries' projection is a down-projection's like
    const std::string w =
        transposed_weight(b, {"T_q_b_weight", op_class::weight_transpose, kBackward}, "q_b", width, m.q_rank);
    const Fp8Tensor q = cast_for_gemm(b, {"cast_dQ", "scaleT_dQ", kBackward}, dq, tokens, width);
    fp8_linear(b, {"q_b_dgrad", op_class::gemm_dgrad, kBackward}, q, w, {tokens, m.q_rank, width, {}},
               b.act("d_q_latent"));
}

void key_value_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens(), width = m.heads * (m.d_nope + m.d_v);
    const std::string dkv = b.act("dkv"), dk_rope = b.act("dk_rope"), dk = b.act("dk");
    const Op copy{"reduce_dk_rope_over_heads", op_class::layout_copy, kBackward};
    b.add(copy, sk::named(sk::sum_over_groups(tokens, m.d_rope, m.heads), {dk}, {dk_rope}));
    b.add({"rope_k_bwd", op_class::rope, kBackward},
          sk::named(sk::rope(tokens, 1, m.d_rope, m.d_rope), {dk_rope, b.declare_input("rope_table")}, {dk_rope}));
    const auto part = [&](std::int64_t head) {
        return sk::layout_copy(tokens, m.heads * head, storage(kBf16, head), storage(kBf16, head));
    };
    b.add({"copy_dk_nope_into_dKV", op_class::layout_copy, kBackward}, sk::named(part(m.d_nope), {dk}, {dkv}));
    b.add({"copy_dV_into_dKV", op_class::layout_copy, kBackward}, sk::named(part(m.d_v), {b.act("dv")}, {dkv}));
    const std::string w =
        transposed_weight(b, {"T_kv_b_weight", op_class::weight_transpose, kBackward}, "kv_b", width, m.kv_rank);
    const Fp8Tensor q = cast_for_gemm(b, {"cast_dKV", "scaleT_dKV", kBackward}, dkv, tokens, width);
    fp8_linear(b, {"kv_b_dgrad", op_class::gemm_dgrad, kBackward}, q, w, {tokens, m.kv_rank, width, {}},
               b.act("d_kv_latent"));
}

// Gradients of both latents are normed back and the kv part is joined with that of k_rope.
void latent_gradients(ChunkBuilder& b, const AttentionInputs& in) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens(), width = m.kv_rank + m.d_rope;
    cast_transposed(b, {"castT_dKV", op_class::cast_transpose, kWeight}, b.act("dkv"), tokens,
                    m.heads * (m.d_nope + m.d_v));
    cast_transposed(b, {"castT_kv_latent", op_class::cast_transpose, kWeight}, in.kv_latent, tokens, m.kv_rank);
    if (m.q_rank > 0) {
        cast_transposed(b, {"castT_dQ", op_class::cast_transpose, kWeight}, b.act("dq"), tokens, m.heads * m.d_qk());
        cast_transposed(b, {"castT_q_latent", op_class::cast_transpose, kWeight}, in.q_latent, tokens, m.q_rank);
    }
    const std::string d_kv_source = b.act("d_kv_latent_source");
    rms_norm_backward(b, "rmsnorm_kv_a_bwd", {in.kv_latent_source, b.act("d_kv_latent"), d_kv_source, ""}, "norm_kv_a",
                      m.kv_rank);
    if (m.q_rank > 0) {
        rms_norm_backward(b, "rmsnorm_q_a_bwd", {b.stored("q_a"), b.act("d_q_latent"), b.act("d_q_a"), ""}, "norm_q_a",
                          m.q_rank);
    }
    const auto slice = [&](const char* copy_role, const std::string& from, const std::string& to, std::int64_t cols) {
        b.add({"fill_d_kv_a_slice", op_class::layout_copy, kBackward}, sk::named(sk::fill(tokens, width), {}, {to}));
        b.add({copy_role, op_class::layout_copy, kBackward},
              sk::named(sk::layout_copy(tokens, cols, {}, storage(kBf16, cols)), {from}, {to}));
    };
    slice("copy_d_k_rope_slice", b.act("dk_rope"), b.act("d_kv_a.rope"), m.d_rope);
    slice("copy_d_kv_latent_slice", d_kv_source, b.act("d_kv_a.latent"), m.kv_rank);
    b.add({"add_d_kv_a_slices", op_class::layout_copy, kBackward},
          sk::named(sk::elementwise_add(tokens, width), {b.act("d_kv_a.rope"), b.act("d_kv_a.latent")},
                    {b.act("d_kv_a")}));
}

// Gradient of the attention norm's output, from all projections that read it.
std::string normed_input_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    std::string x = b.stored("attn_norm");
    if (b.recipe().recompute_norms) {
        x = b.act("attn_norm_recompute");
        rms_norm(b, {"rmsnorm_attn_recompute", "norm_recompute", TaskPass::recompute}, {b.stored("x"), x, "", ""},
                 "norm_attn", m.hidden);
    }
    if (m.attention == AttentionKind::gqa) {
        linear_gradient(b, {"qkv", "cast_d_qkv", b.act("d_qkv"), grouped_width(m), "castT_x_for_qkv"}, x);
        return b.act("dx_qkv");
    }
    const std::string turn_kv = b.recipe().cast_kv_input_twice ? "castT_x_for_kv_a" : "", q = query_projection(m);
    const std::string dq = b.act(m.q_rank > 0 ? "d_q_a" : "dq"), sum = b.act("d_attn_norm");
    linear_gradient(b, {"kv_a", "cast_d_kv_a", b.act("d_kv_a"), m.kv_rank + m.d_rope, turn_kv}, x);
    linear_gradient(b, {q, "cast_d_" + q, dq, query_projection_width(m), "castT_x_for_" + q}, x);
    b.add({"add_dX_" + q + "_kv_a", op_class::eltwise, kBackward},
          sk::named(sk::elementwise_add(tokens, m.hidden), {b.act("dx_kv_a"), b.act("dx_" + q)}, {sum}));
    return sum;
}

void input_gradient(ChunkBuilder& b, const std::string& dx) {
    const std::string d_norm = normed_input_gradient(b);
    rms_norm_backward(b, "rmsnorm_attn_bwd", {b.stored("x"), d_norm, dx, b.act("d_residual")}, "norm_attn",
                      b.model().hidden);
    b.declare_output(dx);
}

}  // namespace

void attention_backward(ChunkBuilder& b, LayerKind kind) {
    b.begin_region({"attn(B)", "attn", true, compute_stream}, {"dispatch(B)"});
    std::string d_ffn_norm = b.act("dx_dense");
    if (kind != LayerKind::dense) {
        router_backward(b);
        gate_gradients(b);
        d_ffn_norm = b.act("d_ffn_norm");
        b.add({"add_dX_gate", op_class::eltwise, kBackward},
              sk::named(sk::elementwise_add(b.tokens(), b.model().hidden), {b.act("dx_combined"), b.act("dx_gate")},
                        {d_ffn_norm}));
    }
    const std::string attn_out = output_projection_gradient(b, d_ffn_norm);
    if (b.model().attention == AttentionKind::gqa) {
        core_attention_gradient(b, restored_heads(b), attn_out);
        heads_gradient(b);
    } else {
        const AttentionInputs in = project_latents(b, true);
        core_attention_gradient(b, in, attn_out);
        query_gradient(b);
        key_value_gradient(b);
        latent_gradients(b, in);
    }
    input_gradient(b, kind == LayerKind::prediction ? b.act("dy_projected") : b.of(true, b.layer() - 1, "dy"));
}

}  // namespace tessera::deepseek_v3
