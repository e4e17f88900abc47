#include "workloads/deepseek_v3/latent_projections.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/operators.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr DType kBf16 = DType::bf16;

// Roles and classes differ between the forward pass and its recomputation by suffix and class only.
class Names {
public:
    explicit Names(bool recompute) : recompute_(recompute) {}
    std::string role(const std::string& name) const { return recompute_ ? name + "_recompute" : name; }
    TaskPass pass() const { return recompute_ ? TaskPass::recompute : TaskPass::forward; }
    Op op(const std::string& name, const char* op_class) const { return {role(name), op_class, pass()}; }
    Op norm(const std::string& name) const {
        return {role(name), recompute_ ? "norm_recompute" : op_class::norm_forward, pass()};
    }
    Op gemm(const std::string& name) const {
        return {role(name), recompute_ ? "gemm_fp8_recompute" : op_class::gemm_forward, pass()};
    }
    CastRoles cast(const std::string& what) const { return {role("cast_" + what), role("scaleT_" + what), pass()}; }

private:
    bool recompute_;
};

void norm_latents(ChunkBuilder& b, const Names& n, bool recompute, AttentionInputs& t, const std::string& kv_a) {
    const ModelConfig& m = b.model();
    if (m.q_rank > 0) {
        const std::string q_a = recompute ? b.stored("q_a") : b.act("q_a");
        t.q_latent = b.act(n.role("q_latent"));
        rms_norm(b, n.norm("rmsnorm_q_a"), {q_a, t.q_latent, "", ""}, "norm_q_a", m.q_rank);
    }
    // The kv latent is a column slice of kv_a's output: rows of kv_rank values at a stride of kv_rank + d_rope.
    t.kv_latent_source = b.act(n.role("kv_latent_contiguous"));
    b.add(
        n.op("copy_kv_latent_contiguous", op_class::layout_copy),
        sk::named(sk::layout_copy(b.tokens(), m.kv_rank, storage(kBf16, m.kv_rank), {}), {kv_a}, {t.kv_latent_source}));
    t.kv_latent = b.act(n.role("kv_latent"));
    rms_norm(b, n.norm("rmsnorm_kv_a"), {t.kv_latent_source, t.kv_latent, "", ""}, "norm_kv_a", m.kv_rank);
}

void assemble_heads(ChunkBuilder& b, const Names& n, const AttentionInputs& t, const std::string& k_rope,
                    bool rotate_q) {
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const std::string rotated = b.act(n.role("k_rope_rotated"));
    b.add(n.op("rope_k", op_class::rope),
          sk::named(sk::rope(tokens, 1, m.d_rope, m.d_rope), {k_rope, b.declare_input("rope_table")}, {rotated}));
    b.add(n.op("copy_k_nope_into_K", op_class::layout_copy),
          sk::named(sk::layout_copy(tokens, m.heads * m.d_nope, storage(kBf16, m.d_nope), storage(kBf16, m.d_nope)),
                    {t.kv}, {t.k}));
    b.add(n.op("copy_k_rope_broadcast_into_K", op_class::layout_copy),
          sk::named(sk::broadcast_copy(tokens, m.d_rope, m.heads), {rotated}, {t.k}));
    if (!rotate_q) { return; }
    b.add(n.op("rope_q", op_class::rope),
          sk::named(sk::rope(tokens, m.heads, m.d_rope, m.d_qk()), {t.q, b.declare_input("rope_table")}, {t.q}));
}

}  // namespace

AttentionInputs project_latents(ChunkBuilder& b, bool recompute) {
    const ModelConfig& m = b.model();
    const Names n(recompute);
    const std::int64_t tokens = b.tokens();
    AttentionInputs t;
    const std::string kv_a = recompute ? b.stored("kv_a") : b.act("kv_a");
    if (recompute && !b.recipe().recompute_norms) {
        if (m.q_rank > 0) { t.q_latent = b.stored("q_latent"); }
        t.kv_latent = b.stored("kv_latent");
        t.kv_latent_source = b.stored("kv_latent_contiguous");
    } else {
        norm_latents(b, n, recompute, t, kv_a);
    }
    std::string k_rope = b.act("k_rope");
    if (recompute) {
        k_rope = b.stored("k_rope");
    } else {
        b.add(n.op("copy_k_rope_contiguous", op_class::layout_copy),
              sk::named(sk::layout_copy(tokens, m.d_rope, storage(kBf16, m.d_rope), {}), {kv_a}, {k_rope}));
    }
    if (recompute && !b.recipe().recompute_up_projections) {
        t.q = b.stored("q");
        t.k = b.stored("k");
        t.kv = b.stored("kv");
        return t;
    }
    const bool stored_q = recompute && m.q_rank == 0;
    t.q = stored_q ? b.stored("q") : b.act(n.role("q"));
    t.k = b.act(n.role("k"));
    t.kv = b.act(n.role("kv"));
    if (m.q_rank > 0) {
        const Fp8Tensor q = cast_for_gemm(b, n.cast("q_latent"), t.q_latent, tokens, m.q_rank);
        fp8_linear(b, n.gemm("q_b_proj"), q, b.weight("q_b"), {tokens, m.heads * m.d_qk(), m.q_rank, {}}, t.q);
    }
    const Fp8Tensor kv = cast_for_gemm(b, n.cast("kv_latent"), t.kv_latent, tokens, m.kv_rank);
    fp8_linear(b, n.gemm("kv_b_proj"), kv, b.weight("kv_b"), {tokens, m.heads * (m.d_nope + m.d_v), m.kv_rank, {}},
               t.kv);
    assemble_heads(b, n, t, k_rope, !stored_q);
    return t;
}

std::string query_projection(const ModelConfig& m) { return m.q_rank > 0 ? "q_a" : "q"; }

std::int64_t query_projection_width(const ModelConfig& m) { return m.q_rank > 0 ? m.q_rank : m.heads * m.d_qk(); }

std::int64_t key_heads(const ModelConfig& m) { return m.attention == AttentionKind::gqa ? m.kv_heads : m.heads; }

namespace {

Operand heads_operand(const ChunkBuilder& b, const std::string& tensor, std::int64_t heads, std::int64_t head_dim) {
    Operand o;
    o.tensor = tensor;
    o.rows = b.tokens();
    o.cols = heads * head_dim;
    o.access = Access::strided;
    o.run = storage(DType::bf16, head_dim);
    return o;
}

}  // namespace

Operand query_operand(const ChunkBuilder& b, const std::string& tensor) {
    return heads_operand(b, tensor, b.model().heads, b.model().d_qk());
}
Operand key_operand(const ChunkBuilder& b, const std::string& tensor) {
    return heads_operand(b, tensor, key_heads(b.model()), b.model().d_qk());
}
Operand value_operand(const ChunkBuilder& b, const std::string& kv) {
    return heads_operand(b, kv, key_heads(b.model()), b.model().d_v);
}
Operand output_operand(const ChunkBuilder& b, const std::string& tensor) {
    return heads_operand(b, tensor, b.model().heads, b.model().d_v);
}

AttentionDesc attention_kernel(const ChunkBuilder& b, AttentionPass pass) {
    const ModelConfig& m = b.model();
    AttentionDesc a;
    a.pass = pass;
    a.batch = b.sequences();
    a.heads = m.heads;
    a.kv_heads = key_heads(m);
    a.q_len = a.kv_len = b.sequence();
    a.d_qk = m.d_qk();
    a.d_v = m.d_v;
    return a;
}

}  // namespace tessera::deepseek_v3
