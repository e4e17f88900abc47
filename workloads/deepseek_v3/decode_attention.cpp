// MLA of a decode step in its absorbed form: queries are carried into the latent space by W_UK, attention runs over the
// cached latents (one key and value head for all query heads), and W_UV brings its output back (DeepSeek-V2 paper,
// arXiv 2405.04434, section 2.1.2; FlashMLA).
#include "sim/ir/decode_schedule.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/decode_operators.hpp"
#include "workloads/deepseek_v3/decode_regions.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/launch_rules.hpp"

#include <algorithm>

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;
constexpr std::int64_t kKeys = 64, kRows = 64;  // of a tile of FlashMLA

std::int64_t latent(const ModelConfig& m) { return m.kv_rank + m.d_rope; }

// Queries from their latent, or straight from x in a model without one.
void queries(ChunkBuilder& b, const Fp8Tensor& x) {
    const ModelConfig& m = b.model();
    const std::int64_t width = m.heads * m.d_qk();
    if (m.q_rank == 0) { decode_linear(b, "q_proj", x, b.weight("q"), {b.tokens(), width, m.hidden, {}}, b.act("q")); }
    decode_linear(b, "q_a_kv_a_proj", x, b.weight("q_a_kv_a"), {b.tokens(), m.q_rank + latent(m), m.hidden, {}},
                  b.act("latents"));
    // One kernel norms both latents.
    b.add({"rmsnorm_latents", op_class::norm_forward, kForward},
          sk::named(norm_kernel(b.system().sm, b.tokens(), m.q_rank + m.kv_rank, false),
                    {b.act("latents"), b.weight("norm_latents")}, {b.act("latents_normed")}));
    if (m.q_rank == 0) { return; }
    const Fp8Tensor q = decode_cast(b, "cast_q_latent", b.act("latents_normed"), m.q_rank);
    decode_linear(b, "q_b_proj", q, b.weight("q_b"), {b.tokens(), width, m.q_rank, {}}, b.act("q"));
}

// New rows of the cache: the normed latent and the rotated key, a row of `latent` values a token.
void append_to_cache(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::string cache = b.weight("kv_cache");
    b.add({"append_kv", op_class::layout_copy, kForward},
          sk::named(
              sk::layout_copy(b.tokens(), latent(m), storage(DType::bf16, m.kv_rank), storage(DType::bf16, latent(m))),
              {b.act("latents_normed")}, {cache}));
}

std::int64_t keys_of_request(const ChunkBuilder& b) { return b.workload().inference.kv_length + b.sequence(); }

// Partial results of requests that were split over parts of the GPU, added up by a second kernel.
void add_partials(ChunkBuilder& b, const AttentionDesc& a) {
    const std::int64_t rows = a.q_len * a.heads, tiles = (rows + kRows - 1) / kRows;
    const std::vector<std::int64_t> blocks(static_cast<std::size_t>(a.batch), (a.kv_len + kKeys - 1) / kKeys);
    std::int64_t parts = 0, split = 0;
    for (const DecodePiece& p : decode_schedule(blocks, std::max<std::int64_t>(1, b.compute_sms() / tiles))) {
        parts += p.whole ? 0 : 1;
        split += !p.whole && p.first == 0 ? 1 : 0;
    }
    if (parts == 0) { return; }
    StreamDesc sum = sk::elementwise(split * rows, a.d_v, 1, DType::fp32, DType::bf16);
    sum.reads.front().rows = parts * rows;
    b.add({"mla_add_partials", "attn_decode", kForward},
          sk::named(sum, {b.act("attn_latent")}, {b.act("attn_latent_summed")}));
}

std::string core_attention(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    AttentionDesc a;
    a.pass = AttentionPass::decode;
    a.batch = b.sequences();
    a.heads = m.heads;
    a.kv_heads = 1;
    a.q_len = b.sequence();
    a.kv_len = keys_of_request(b);
    a.d_qk = latent(m);
    a.d_v = m.kv_rank;
    a.causal = false;
    a.style = b.workload().inference.overlapped_softmax ? AttentionStyle::pipelined : AttentionStyle::turns;
    const std::int64_t rows = b.tokens() * m.heads;
    a.reads = {routing_operand(b.weight("kv_cache"), DType::bf16, a.batch * a.kv_len, a.d_qk),
               routing_operand(b.act("q_absorbed"), DType::bf16, rows, a.d_qk)};
    a.writes = {routing_operand(b.act("attn_latent"), DType::bf16, rows, a.d_v)};
    b.add({"mla_decode", "attn_decode", kForward}, a);
    const auto tasks = b.last_task();
    add_partials(b, a);
    return b.act(b.last_task() == tasks ? "attn_latent" : "attn_latent_summed");
}

void route(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    GemmDesc g;
    g.m = b.tokens();
    g.n = m.routed_experts;
    g.k = m.hidden;
    g.a = routing_operand(b.act("ffn_norm"), DType::bf16, g.m, g.k);
    g.b = routing_operand(b.weight("gate"), DType::bf16, g.n, g.k);
    g.d = routing_operand(b.act("gate_logits"), DType::fp32, g.m, g.n);
    b.add({"gate_gemm_bf16", op_class::gemm_gate, kForward}, g, b.compute_sms());
    b.add({"router_topk", op_class::router, kForward},
          sk::named(sk::router_topk(b.tokens(), m.routed_experts, m.experts_per_token),
                    {b.act("gate_logits"), b.weight("router_bias")}, {b.act("topk_ids"), b.act("topk_weights")}));
}

}  // namespace

void decode_projections(ChunkBuilder& b, LayerKind kind) {
    b.begin_region({"attn-0(F)", "attn0", false, compute_stream}, {});
    const ModelConfig& m = b.model();
    const std::string x = b.act(kind == LayerKind::prediction ? "x_projected" : "x");
    if (b.starts_chunk() && kind != LayerKind::prediction) { b.declare_input(x); }
    rms_norm(b, {"rmsnorm_attn", op_class::norm_forward, kForward}, {x, b.act("attn_norm"), "", ""}, "norm_attn",
             m.hidden);
    queries(b, decode_cast(b, "cast_x_for_attn", b.act("attn_norm"), m.hidden));
    per_head_product(b, "absorb_w_uk", b.act("q"), b.weight("w_uk"), m.kv_rank, m.d_nope, b.act("q_absorbed"));
    b.add({"rope_q", op_class::rope, kForward},
          sk::named(sk::rope(b.tokens(), m.heads, m.d_rope, m.d_qk()), {b.act("q"), b.declare_input("rope_table")},
                    {b.act("q_absorbed")}));
    append_to_cache(b);
}

void decode_attention(ChunkBuilder& b, LayerKind kind) {
    b.begin_region({"attn-1(F)", "attn1", false, compute_stream}, {});
    const ModelConfig& m = b.model();
    const std::int64_t width = m.heads * m.d_v;
    const std::string x = b.act(kind == LayerKind::prediction ? "x_projected" : "x");
    per_head_product(b, "absorb_w_uv", core_attention(b), b.weight("w_uv"), m.d_v, m.kv_rank, b.act("attn_out"));
    const Fp8Tensor q = decode_cast(b, "cast_attn_out", b.act("attn_out"), width);
    decode_linear(b, "o_proj", q, b.weight("o"), {b.tokens(), m.hidden, width, {}}, b.act("o"));
    rms_norm(b, {"rmsnorm_ffn+residual_add", op_class::norm_forward, kForward},
             {b.act("o"), b.act("ffn_norm"), x, b.act("residual")}, "norm_ffn", m.hidden);
    if (kind != LayerKind::dense) { route(b); }
    decode_cast(b, "cast_x_for_ffn", b.act("ffn_norm"), m.hidden);
}

}  // namespace tessera::deepseek_v3
