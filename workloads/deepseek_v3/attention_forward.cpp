#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/dense_ffn.hpp"
#include "workloads/deepseek_v3/grouped_projections.hpp"
#include "workloads/deepseek_v3/latent_projections.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"
#include "workloads/deepseek_v3/router.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;

void down_projections(ChunkBuilder& b, const std::string& x) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const std::string normed = b.act("attn_norm");
    rms_norm(b, {"rmsnorm_attn", op_class::norm_forward, kForward}, {x, normed, "", ""}, "norm_attn", m.hidden);
    const std::string to_q = query_projection(m);
    const Fp8Tensor q =
        cast_for_gemm(b, {"cast_x_for_" + to_q, "scaleT_x_for_" + to_q, kForward}, normed, tokens, m.hidden);
    fp8_linear(b, {to_q + "_proj", op_class::gemm_forward, kForward}, q, b.weight(to_q),
               {tokens, query_projection_width(m), m.hidden, {}}, b.act(to_q));
    const Fp8Tensor kv =
        b.recipe().cast_kv_input_twice
            ? cast_for_gemm(b, {"cast_x_for_kv_a", "scaleT_x_for_kv_a", kForward}, normed, tokens, m.hidden)
            : q;
    fp8_linear(b, {"kv_a_proj", op_class::gemm_forward, kForward}, kv, b.weight("kv_a"),
               {tokens, m.kv_rank + m.d_rope, m.hidden, {}}, b.act("kv_a"));
}

void sequence_offsets(ChunkBuilder& b) {
    for (const char* offsets : {"cu_seqlens_q", "cu_seqlens_k"}) {  // start of each sequence
        b.add({"arange_cu_seqlens", "attn_misc", kForward},
              sk::named(sk::fill(1, b.sequences() + 1, DType::int32), {}, {b.act(offsets)}));
    }
}

AttentionInputs attention_inputs(ChunkBuilder& b, const std::string& x) {
    if (b.model().attention == AttentionKind::gqa) {
        const AttentionInputs in = project_heads(b, x);
        sequence_offsets(b);
        return in;
    }
    down_projections(b, x);
    sequence_offsets(b);
    return project_latents(b, false);
}

void core_attention(ChunkBuilder& b, const AttentionInputs& in) {
    const ModelConfig& m = b.model();
    AttentionDesc a = attention_kernel(b, AttentionPass::forward);
    Operand offsets = query_operand(b, b.act("cu_seqlens_q"));
    offsets.dtype = DType::int32;
    offsets.rows = 1;
    offsets.cols = b.sequences() + 1;
    offsets.access = Access::broadcast;
    Operand offsets_k = offsets;
    offsets_k.tensor = b.act("cu_seqlens_k");
    a.reads = {query_operand(b, in.q), key_operand(b, in.k), value_operand(b, in.kv), offsets, offsets_k};
    Operand out = output_operand(b, b.act("attn_out"));
    Operand lse = out;
    lse.tensor = b.act("lse");
    lse.dtype = DType::fp32;
    lse.cols = m.heads;
    lse.access = Access::contiguous;
    a.writes = {out, lse};
    b.add({"flash_attn_fwd", "attn_fwd", kForward}, a);
    b.declare_output(lse.tensor);
}

void output_projection(ChunkBuilder& b, const std::string& x) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens(), width = m.heads * m.d_v;
    const std::string out = b.act("attn_out");
    if (b.recipe().store_attention_output_e5m6) {
        const std::string kept = b.act("attn_out.e5m6");
        b.add({"cast_attn_out_to_E5M6", op_class::special_cast, kForward},
              sk::named(sk::special_cast_e5m6(tokens, width), {out}, {kept}));
        b.declare_output(kept);
    }
    const Fp8Tensor q = cast_for_gemm(b, {"cast_attn_out_for_o_proj", "scaleT_attn_out", kForward}, out, tokens, width);
    fp8_linear(b, {"o_proj", op_class::gemm_forward, kForward}, q, b.weight("o"), {tokens, m.hidden, width, {}},
               b.act("o"));
    b.add({"scale_o_proj_out", op_class::eltwise, kForward},
          sk::named(sk::elementwise_scale(tokens, m.hidden), {b.act("o")}, {b.act("o_scaled")}));
    rms_norm(b, {"rmsnorm_ffn+residual_add", op_class::norm_forward, kForward},
             {b.act("o_scaled"), b.act("ffn_norm"), x, b.act("residual")}, "norm_ffn", m.hidden);
}

void gate(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    GemmDesc g;
    g.m = b.tokens();
    g.n = m.routed_experts;
    g.k = m.hidden;
    g.a.tensor = b.act("ffn_norm");
    g.a.rows = g.m;
    g.a.cols = g.k;
    g.b.tensor = b.weight("gate");
    g.b.rows = g.n;
    g.b.cols = g.k;
    g.d.tensor = b.act("gate_logits");
    g.d.dtype = DType::fp32;
    g.d.rows = g.m;
    g.d.cols = g.n;
    b.add({"gate_gemm_bf16", op_class::gemm_gate, kForward}, g, b.compute_sms());
}

}  // namespace

void attention_forward(ChunkBuilder& b, LayerKind kind) {
    b.begin_region({"attn(F)", "attn", false, compute_stream}, {"combine(F)"});
    const bool routed = kind != LayerKind::dense, projected = kind == LayerKind::prediction;
    const std::string x = b.act(projected ? "x_projected" : "x");
    if (b.starts_chunk() && !projected) { b.declare_input(x); }
    core_attention(b, attention_inputs(b, x));
    output_projection(b, x);
    if (routed) {
        gate(b);
        router_forward(b);
    }
    const Ffn first = routed ? shared_ffn(b) : dense_ffn(b);
    cast(b, {first.x, op_class::per_token_cast, kForward}, b.act("ffn_norm"), b.tokens(), b.model().hidden);
}

}  // namespace tessera::deepseek_v3
