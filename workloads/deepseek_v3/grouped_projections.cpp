#include "workloads/deepseek_v3/grouped_projections.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/operators.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kBackward = TaskPass::backward;

// Norms over the heads of queries and keys if the model has them, then rotation, in place without norms.
AttentionInputs rotated_heads(ChunkBuilder& b, const AttentionInputs& projected, bool again) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const TaskPass pass = again ? TaskPass::recompute : TaskPass::forward;
    const auto role = [again](const char* name) { return std::string(name) + (again ? "_recompute" : ""); };
    AttentionInputs t = projected;
    if (m.qk_norm) {
        const char* norm = again ? "norm_recompute" : op_class::norm_forward;
        t.q = b.act(role("q"));
        t.k = b.act(role("k"));
        rms_norm(b, {role("rmsnorm_q_heads"), norm, pass}, {projected.q, t.q, "", ""}, "norm_q", m.d_qk(), m.heads);
        rms_norm(b, {role("rmsnorm_k_heads"), norm, pass}, {projected.k, t.k, "", ""}, "norm_k", m.d_qk(), m.kv_heads);
    }
    const auto rotate = [&](const char* name, std::int64_t heads, const std::string& x) {
        b.add({role(name), op_class::rope, pass},
              sk::named(sk::rope(tokens, heads, m.d_rope, m.d_qk()), {x, b.declare_input("rope_table")}, {x}));
    };
    rotate("rope_q", m.heads, t.q);
    rotate("rope_k", m.kv_heads, t.k);
    return t;
}

}  // namespace

std::int64_t grouped_width(const ModelConfig& m) { return m.heads * m.d_qk() + m.kv_heads * (m.d_qk() + m.d_v); }

AttentionInputs project_heads(ChunkBuilder& b, const std::string& x) {
    constexpr TaskPass forward = TaskPass::forward;
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const std::string normed = b.act("attn_norm"), qkv = b.act("qkv");
    rms_norm(b, {"rmsnorm_attn", op_class::norm_forward, forward}, {x, normed, "", ""}, "norm_attn", m.hidden);
    const Fp8Tensor q = cast_for_gemm(b, {"cast_x_for_qkv", "scaleT_x_for_qkv", forward}, normed, tokens, m.hidden);
    fp8_linear(b, {"qkv_proj", op_class::gemm_forward, forward}, q, b.weight("qkv"),
               {tokens, grouped_width(m), m.hidden, {}}, qkv);
    AttentionInputs t;
    t.q = t.k = t.kv = qkv;
    return rotated_heads(b, t, false);
}

AttentionInputs restored_heads(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const bool again = m.qk_norm && b.recipe().recompute_norms, normed = m.qk_norm && !again;
    AttentionInputs t;
    t.q = b.stored(normed ? "q" : "qkv.q");
    t.k = b.stored(normed ? "k" : "qkv.k");
    t.kv = b.stored("qkv.v");
    return again ? rotated_heads(b, t, true) : t;
}

void heads_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const std::string out = b.act("d_qkv");
    const auto part = [&](const char* name, std::int64_t heads, const std::string& d) {
        b.add({std::string("rope_") + name + "_bwd", op_class::rope, kBackward},
              sk::named(sk::rope(tokens, heads, m.d_rope, m.d_qk()), {d, b.declare_input("rope_table")}, {d}));
        if (m.qk_norm) {
            rms_norm_backward(b, std::string("rmsnorm_") + name + "_heads_bwd",
                              {b.stored(std::string("qkv.") + name), d, out, ""}, std::string("norm_") + name, m.d_qk(),
                              heads);
        } else {
            b.add({std::string("copy_d") + name + "_into_d_qkv", op_class::layout_copy, kBackward},
                  sk::named(sk::layout_copy(tokens, heads * m.d_qk(), {}, storage(DType::bf16, heads * m.d_qk())), {d},
                            {out}));
        }
    };
    part("q", m.heads, b.act("dq"));
    part("k", m.kv_heads, b.act("dk"));
    b.add({"copy_dv_into_d_qkv", op_class::layout_copy, kBackward},
          sk::named(sk::layout_copy(tokens, m.kv_heads * m.d_v, {}, storage(DType::bf16, m.kv_heads * m.d_v)),
                    {b.act("dv")}, {out}));
}

}  // namespace tessera::deepseek_v3
