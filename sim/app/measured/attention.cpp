#include "sim/app/measured/attention.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/decode_schedule.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <algorithm>
#include <numeric>

namespace tessera::measured {
namespace {

// cuDNN's kernels are persistent: one thread block per SM.
constexpr int kPersistent = 132;

Operand bf16(std::int64_t rows, std::int64_t cols) { return {"", DType::bf16, rows, cols}; }

struct Heads {
    std::int64_t batch, heads, length, d_qk, d_v;
    std::int64_t kv_heads = 0;  // 0: as many as heads
};

AttentionDesc multi_head(AttentionPass pass, const Heads& h, bool causal) {
    AttentionDesc k;
    k.pass = pass;
    k.batch = h.batch;
    k.heads = h.heads;
    k.kv_heads = h.kv_heads > 0 ? h.kv_heads : h.heads;
    k.q_len = k.kv_len = h.length;
    k.d_qk = h.d_qk;
    k.d_v = h.d_v;
    k.causal = causal;
    k.max_ctas = kPersistent;
    k.style = AttentionStyle::turns;
    const std::int64_t rows = h.batch * h.heads * h.length, kv_rows = h.batch * k.kv_heads * h.length;
    k.reads = {bf16(rows, h.d_qk), bf16(kv_rows, h.d_qk), bf16(kv_rows, h.d_v)};
    k.writes = {bf16(rows, h.d_v)};
    return k;
}

bool flash_attention_2(const std::string& library) {
    if (library == "CUDNN_ATTENTION") { return false; }
    if (library == "FLASH_ATTENTION") { return true; }
    throw ModelError("no attention kernels are known of \"" + library + "\"");
}

AttentionDesc of_library(const std::string& library, AttentionPass pass, const Heads& h, bool causal) {
    AttentionDesc k = multi_head(pass, h, causal);
    if (flash_attention_2(library)) {
        k.style = AttentionStyle::warp_mma;
        k.max_ctas = 0;
    }
    return k;
}

constexpr std::int64_t kLatent = 576, kValues = 512;  // latent 512 and rotary 64 of MLA; values are the latent part
constexpr std::int64_t kFp8Row = 656;                 // of FlashMLA's cache: 512 E4M3, 4 FP32 scales, 64 BF16
constexpr std::int64_t kRows = 64, kKeys = 64;        // of its tiles

std::vector<std::int64_t> lengths_of(const JsonCursor& row) {
    std::vector<std::int64_t> out;
    if (!row.has("lens") || !row.at("lens").value().is_array()) { return out; }
    for (const JsonCursor& length : row.at("lens").items()) { out.push_back(length.count()); }
    return out;
}

AttentionDesc latent_decode(const JsonCursor& row, bool sparse) {
    AttentionDesc k;
    k.pass = AttentionPass::decode;
    k.batch = row.count("b");
    k.heads = row.count("h_q");
    k.kv_heads = 1;
    k.q_len = row.has("s_q") ? row.count("s_q") : 1;
    k.kv_len = row.count(sparse ? "topk" : "kv");
    if (!sparse) { k.kv_lens = lengths_of(row); }
    k.d_qk = kLatent;
    k.d_v = kValues;
    k.causal = false;
    const std::int64_t queries = k.batch * k.q_len;
    std::int64_t keys = (sparse ? queries : k.batch) * k.kv_len;
    if (!k.kv_lens.empty()) { keys = std::accumulate(k.kv_lens.begin(), k.kv_lens.end(), std::int64_t{0}); }
    k.reads = {bf16(keys, kLatent), bf16(queries * k.heads, kLatent)};
    if (sparse) {
        Operand& kv = k.reads.front();
        kv.dtype = DType::fp8_e4m3;
        kv.cols = kFp8Row;
        kv.access = Access::gathered;
        kv.run = bytes(kFp8Row);
    }
    k.writes = {bf16(queries * k.heads, kValues)};
    return k;
}

// After the products, the kernel that adds up the partial results of requests that were split; one that was computed
// whole is left alone.
std::vector<Launch> with_combine(const AttentionDesc& k, bool sparse) {
    const std::int64_t queries = sparse ? k.q_len : 1, rows = k.q_len / queries * k.heads;
    std::vector<std::int64_t> blocks;
    for (std::int64_t i = 0; i < k.batch * queries; ++i) {
        const std::int64_t keys = k.kv_lens.empty() ? k.kv_len : k.kv_lens[static_cast<std::size_t>(i / queries)];
        blocks.push_back((keys + kKeys - 1) / kKeys);
    }
    const std::int64_t row_tiles = (rows + kRows - 1) / kRows;
    std::int64_t parts = 0, split = 0;
    for (const DecodePiece& p : decode_schedule(blocks, std::max<std::int64_t>(1, kPersistent / row_tiles))) {
        parts += p.whole ? 0 : 1;
        split += !p.whole && p.first == 0 ? 1 : 0;
    }
    std::vector<Launch> out = {{k, 0}};
    if (parts == 0) { return out; }
    StreamDesc sum = stream_kernels::elementwise(split * rows, kValues, 1, DType::fp32, DType::bf16);
    sum.reads.front().rows = parts * rows;
    sum.reads.front().l2_resident = 1.0;
    out.push_back({sum, 0});
    return out;
}

}  // namespace

std::vector<Launch> attention_launches(const std::string& family, const std::string& library, const JsonCursor& shape) {
    Heads h{shape.count("B"), shape.count("H"), shape.count("L"), shape.count("dqk"), shape.count("dv")};
    if (shape.has("Hkv")) { h.kv_heads = shape.count("Hkv"); }
    const bool causal = shape.boolean_or("causal", true);
    if (family == "attn_fwd") { return {{of_library(library, AttentionPass::forward, h, causal), 0}}; }
    const std::int64_t tokens = h.batch * h.length;
    return {{stream_kernels::attention_preprocess(tokens, h.heads, h.d_v, h.d_qk), 0},
            {of_library(library, AttentionPass::backward, h, causal), 0},
            {stream_kernels::attention_postprocess(tokens, h.heads, h.d_qk), 0}};
}

std::vector<Launch> flashmla_launches(const JsonCursor& row) {
    const std::string group = row.text("grp");
    if (group == "dense_decode" || group == "sparse_decode") {
        const bool sparse = group == "sparse_decode";
        return with_combine(latent_decode(row, sparse), sparse);
    }
    if (group == "mha_prefill_torch") {
        Heads h{row.count("b"), row.count("h"), row.count("s"), row.count("dq"), row.count("dv")};
        if (row.has("h_kv")) { h.kv_heads = row.count("h_kv"); }
        return {{of_library(row.text("backend"), AttentionPass::forward, h, row.boolean_or("causal", true)), 0}};
    }
    if (group == "sparse_prefill") { throw ModelError("prefill over a sparse choice of keys"); }
    throw ModelError("no attention kernel is known as \"" + group + "\"");
}

}  // namespace tessera::measured
