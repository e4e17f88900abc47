#include "sim/app/measured/attention.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

namespace tessera::measured {
namespace {

// cuDNN's kernels are persistent: one thread block per SM.
constexpr int kPersistent = 132;

Operand bf16(std::int64_t rows, std::int64_t cols) { return {"", DType::bf16, rows, cols}; }

struct Heads {
    std::int64_t batch, heads, length, d_qk, d_v;
};

AttentionDesc multi_head(AttentionPass pass, const Heads& h, bool causal) {
    AttentionDesc k;
    k.pass = pass;
    k.batch = h.batch;
    k.heads = k.kv_heads = h.heads;
    k.q_len = k.kv_len = h.length;
    k.d_qk = h.d_qk;
    k.d_v = h.d_v;
    k.causal = causal;
    k.max_ctas = kPersistent;
    k.style = AttentionStyle::turns;
    const std::int64_t rows = h.batch * h.heads * h.length;
    k.reads = {bf16(rows, h.d_qk), bf16(rows, h.d_qk), bf16(rows, h.d_v)};
    k.writes = {bf16(rows, h.d_v)};
    return k;
}

void refuse_library(const std::string& library) {
    if (library == "CUDNN_ATTENTION") { return; }
    throw ModelError("the kernels of \"" + library + "\" use the Tensor Core instructions of earlier GPUs (mma.sync)");
}

AttentionDesc latent_decode(const JsonCursor& row) {
    AttentionDesc k;
    k.pass = AttentionPass::decode;
    k.batch = row.count("b");
    k.heads = row.count("h_q");
    k.kv_heads = 1;
    k.q_len = row.count("s_q");
    k.kv_len = row.count("kv");
    k.d_qk = 576;  // latent 512 and rotary 64 of MLA
    k.d_v = 512;
    k.causal = false;
    k.reads = {bf16(k.batch * k.kv_len, 576), bf16(k.batch * k.q_len * k.heads, 576)};
    k.writes = {bf16(k.batch * k.q_len * k.heads, 512)};
    return k;
}

}  // namespace

std::vector<Launch> attention_launches(const std::string& family, const std::string& library, const JsonCursor& shape) {
    refuse_library(library);
    const Heads h{shape.count("B"), shape.count("H"), shape.count("L"), shape.count("dqk"), shape.count("dv")};
    if (family == "attn_fwd") { return {{multi_head(AttentionPass::forward, h, true), 0}}; }
    const std::int64_t tokens = h.batch * h.length;
    return {{stream_kernels::attention_preprocess(tokens, h.heads, h.d_v, h.d_qk), 0},
            {multi_head(AttentionPass::backward, h, true), 0},
            {stream_kernels::attention_postprocess(tokens, h.heads, h.d_qk), 0}};
}

std::vector<Launch> flashmla_launches(const JsonCursor& row) {
    const std::string group = row.text("grp");
    if (group == "dense_decode") {
        if (row.boolean_or("varlen", false)) { throw ModelError("decode over requests of different lengths"); }
        return {{latent_decode(row), 0}};
    }
    if (group == "mha_prefill_torch") {
        refuse_library(row.text("backend"));
        const Heads h{row.count("b"), row.count("h"), row.count("s"), row.count("dq"), row.count("dv")};
        return {{multi_head(AttentionPass::forward, h, row.boolean_or("causal", true)), 0}};
    }
    if (group == "sparse_decode" || group == "sparse_prefill") {
        throw ModelError("attention over a sparse choice of keys");
    }
    throw ModelError("no attention kernel is known as \"" + group + "\"");
}

}  // namespace tessera::measured
