#include "workloads/deepseek_v3/grouped_projections.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

void attention_weight(ChunkBuilder& b) {
    b.begin_region({"attn(W)", "attn_w", true, compute_stream}, {"attn(B)"});
    const ModelConfig& m = b.model();
    const std::int64_t tokens = b.tokens();
    const auto turned = [&](const std::string& role) { return Fp8Tensor{b.act(role + ".q"), b.act(role + ".s")}; };
    const auto add = [&](const char* weight, const char* dy, const char* x, std::int64_t out, std::int64_t in) {
        fp8_weight_gradient(b, std::string(weight) + "_wgrad", turned(dy), turned(x), {out, in, tokens, {}},
                            b.gradient(weight), compute_stream);
    };
    add("o_proj", "castT_d_o_proj", "castT_attn_out", m.hidden, m.heads * m.d_v);
    if (m.attention == AttentionKind::gqa) {
        add("qkv", "castT_d_qkv", "castT_x_for_qkv", grouped_width(m), m.hidden);
        return;
    }
    const std::string q = query_projection(m), x_q = "castT_x_for_" + q, d_q = "castT_d_" + q;
    const std::string x_kv = b.recipe().cast_kv_input_twice ? "castT_x_for_kv_a" : x_q;
    add("kv_b", "castT_dKV", "castT_kv_latent", m.heads * (m.d_nope + m.d_v), m.kv_rank);
    if (m.q_rank > 0) { add("q_b", "castT_dQ", "castT_q_latent", m.heads * m.d_qk(), m.q_rank); }
    add("kv_a", "castT_d_kv_a", x_kv.c_str(), m.kv_rank + m.d_rope, m.hidden);
    add(q.c_str(), d_q.c_str(), x_q.c_str(), query_projection_width(m), m.hidden);
}

}  // namespace tessera::deepseek_v3
