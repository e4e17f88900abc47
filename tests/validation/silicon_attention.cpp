#include "tests/validation/silicon_streams.hpp"

#include <algorithm>

namespace tessera::testing {
namespace {

std::int64_t number(const JsonValue& v, std::string_view key) { return v.find(key)->as_integer(); }

Operand bf16(std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.rows = rows;
    o.cols = cols;
    return o;
}

// Persistent kernels with producer and consumer warpgroups: one thread block per SM.
constexpr int kPersistent = 132;

AttentionDesc multi_head(AttentionPass pass, std::int64_t batch, std::int64_t heads, std::int64_t length,
                         std::int64_t d_qk, std::int64_t d_v) {
    AttentionDesc k;
    k.pass = pass;
    k.batch = batch;
    k.heads = k.kv_heads = heads;
    k.q_len = k.kv_len = length;
    k.d_qk = d_qk;
    k.d_v = d_v;
    k.max_ctas = kPersistent;
    k.style = AttentionStyle::turns;
    const std::int64_t rows = batch * heads * length;
    k.reads = {bf16(rows, d_qk), bf16(rows, d_qk), bf16(rows, d_v)};
    k.writes = {bf16(rows, d_v)};
    return k;
}

// The main kernel's own duration where a call is several kernels, else the period in the graph.
Time main_kernel(const JsonValue& c) {
    double longest = 0;
    const auto& kernels = c.find("kernels")->items();
    for (const JsonValue& k : kernels) { longest = std::max(longest, k.find("us")->as_double()); }
    return microseconds(kernels.size() > 1 ? longest : c.find("us")->as_double());
}

}  // namespace

std::vector<SiliconCase> attention_cases_of_kernels(const JsonValue& document) {
    std::vector<SiliconCase> out;
    for (const JsonValue& c : document.find("cases")->items()) {
        const std::string& family = c.find("family")->as_string();
        // The older library's kernels use the instructions of earlier GPUs (mma.sync), which is not modelled.
        if (c.find("variant") == nullptr || c.find("variant")->as_string() != "CUDNN_ATTENTION") { continue; }
        if (family != "attn_fwd" && family != "attn_bwd") { continue; }
        const JsonValue& s = *c.find("shape");
        const AttentionPass pass = family == "attn_bwd" ? AttentionPass::backward : AttentionPass::forward;
        SiliconCase out_case;
        out_case.family = family;
        out_case.id = family + " " + write_json(s, 0);
        out_case.kernel =
            multi_head(pass, number(s, "B"), number(s, "H"), number(s, "L"), number(s, "dqk"), number(s, "dv"));
        out_case.clock = megahertz(c.find("sm_mhz")->as_double());
        out_case.measured = main_kernel(c);
        out.push_back(out_case);
    }
    return out;
}

std::vector<SiliconCase> attention_cases_of_flashmla(const JsonValue& document) {
    std::vector<SiliconCase> out;
    for (const JsonValue& c : document.find("rows")->items()) {
        const std::string& group = c.find("grp")->as_string();
        SiliconCase out_case;
        if (group == "dense_decode") {
            AttentionDesc k;
            k.pass = AttentionPass::decode;
            k.batch = number(c, "b");
            k.heads = number(c, "h_q");
            k.kv_heads = 1;
            k.q_len = number(c, "s_q");
            k.kv_len = number(c, "kv");
            k.d_qk = 576;
            k.d_v = 512;
            k.causal = false;
            k.reads = {bf16(k.batch * k.kv_len, 576), bf16(k.batch * k.q_len * k.heads, 576)};
            k.writes = {bf16(k.batch * k.q_len * k.heads, 512)};
            out_case.kernel = k;
        } else if (group == "mha_prefill_torch" && c.find("backend")->as_string() == "CUDNN_ATTENTION") {
            out_case.kernel = multi_head(AttentionPass::forward, number(c, "b"), number(c, "h"), number(c, "s"),
                                         number(c, "dq"), number(c, "dv"));
        } else {
            continue;  // sparse decode and the older library
        }
        out_case.family = "flashmla " + group;
        out_case.id = c.find("id")->as_string();
        out_case.clock = megahertz(c.find("sm_mhz")->as_double());
        out_case.measured = microseconds(c.find("us_graph")->find("med")->as_double());
        out_case.gap = nanoseconds(768);
        out.push_back(out_case);
    }
    return out;
}

}  // namespace tessera::testing
