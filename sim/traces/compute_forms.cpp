// GEMM, attention, exchanges and barriers as kinds of kernel_form.hpp.
#include "sim/base/error.hpp"
#include "sim/traces/form_reader.hpp"

#include <algorithm>

namespace tessera::traces {
namespace {

using Reader = FormReader;

constexpr std::int64_t scale_group = 128;

std::int64_t groups_of(std::int64_t n) { return (n + scale_group - 1) / scale_group; }
int narrow(std::int64_t v) { return static_cast<int>(std::min<std::int64_t>(v, 1 << 30)); }

Operand matrix(DType type, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.dtype = type;
    o.rows = rows;
    o.cols = cols;
    return o;
}

DType element(Reader& r, const char* name, bool wide) {
    if (wide) { return r.choice<DType>(name, {{"bf16", DType::bf16}, {"fp32", DType::fp32}, {"fp16", DType::fp16}}); }
    return r.choice<DType>(
        name,
        {{"bf16", DType::bf16}, {"fp8_e4m3", DType::fp8_e4m3}, {"fp8_e5m2", DType::fp8_e5m2}, {"fp16", DType::fp16}});
}

// `whole` over `parts` as evenly as blocks of `align` allow; the first ones get what is left.
std::vector<std::int64_t> split(std::int64_t whole, std::int64_t parts, std::int64_t align) {
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(parts), 0);
    const std::int64_t blocks = whole / align;
    for (std::int64_t i = 0; i < parts; ++i) {
        sizes[static_cast<std::size_t>(i)] = (blocks / parts + (i < blocks % parts ? 1 : 0)) * align;
    }
    sizes[0] += whole % align;
    return sizes;
}

void read_groups(Reader& r, GemmDesc& g) {
    g.form = r.choice<GemmForm>("form", {{"dense", GemmForm::dense},
                                         {"grouped_m", GemmForm::grouped_m},
                                         {"masked_m", GemmForm::masked_m},
                                         {"grouped_k", GemmForm::grouped_k}});
    const std::int64_t groups = r.extent("groups", 1), align = r.integer("group_align", scale_group);
    g.group_sizes = r.integers("group_sizes");
    if (g.form == GemmForm::dense || !g.group_sizes.empty()) { return; }
    if (groups > 4096) { throw ModelError("gemm kernel: more than 4096 groups"); }
    g.group_sizes = split(g.form == GemmForm::grouped_k ? g.k : g.m, groups, align);
}

void read_tiling(Reader& r, GemmDesc& g) {
    const std::int64_t bm = r.integer("tile_m", 0), bn = r.integer("tile_n", 0), bk = r.integer("tile_k", 0);
    const std::int64_t stages = r.integer("stages", 0), cluster = r.integer("cluster", 1);
    using S = ConsumerStyle;
    const S style = r.choice<S>("consumers", {{"automatic", S::automatic},
                                              {"single", S::single},
                                              {"cooperative", S::cooperative},
                                              {"ordered", S::ordered},
                                              {"pingpong", S::pingpong}});
    if (bm == 0 && bn == 0 && bk == 0 && stages == 0 && style == S::automatic && cluster == 1) { return; }
    GemmTiling t;
    for (const auto& [value, into] : {std::pair(bm, &t.bm), std::pair(bn, &t.bn), std::pair(bk, &t.bk)}) {
        if (value > 0) { *into = narrow(value); }
    }
    t.stages = narrow(stages);
    t.cluster = narrow(cluster);
    t.consumers = style;
    g.tiling = t;
}

KernelDesc gemm(Reader& r) {
    GemmDesc g;
    g.m = r.integer("m");
    g.n = r.integer("n");
    g.k = r.integer("k");
    g.a = matrix(element(r, "a", false), g.m, g.k);
    g.b = matrix(element(r, "b", false), g.n, g.k);
    g.d = matrix(element(r, "d", true), g.m, g.n);
    read_groups(r, g);
    using M = ScaleMode;
    g.scale = r.choice<M>("scale", {{"none", M::none},
                                    {"tensor_promoted", M::tensor_promoted},
                                    {"row", M::row},
                                    {"block_1x128_128x128", M::block_1x128_128x128},
                                    {"block_1x128_1x128", M::block_1x128_1x128}});
    g.promotion_interval = narrow(r.integer("promotion_interval", 0));
    g.accumulate = r.flag("accumulate");
    g.a_k_major = r.flag("a_k_major", true);
    g.b_k_major = r.flag("b_k_major", true);
    read_tiling(r, g);
    const std::int64_t b_groups = g.form == GemmForm::dense || g.form == GemmForm::grouped_k ? 1 : g.groups();
    g.b.rows *= b_groups;
    if (!g.a_k_major) { std::swap(g.a.rows, g.a.cols); }
    if (!g.b_k_major) { std::swap(g.b.rows, g.b.cols); }
    if (g.scale == M::block_1x128_128x128) {
        g.scales = {matrix(DType::fp32, groups_of(g.k), g.m),
                    matrix(DType::fp32, b_groups * groups_of(g.n), groups_of(g.k))};
    } else if (g.scale == M::block_1x128_1x128) {
        g.scales = {matrix(DType::fp32, groups_of(g.k), g.m), matrix(DType::fp32, groups_of(g.k), g.n)};
    }
    return g;
}

Operand heads(std::int64_t tokens, std::int64_t count, std::int64_t width) {
    Operand o = matrix(DType::bf16, tokens, count * width);
    o.access = Access::strided;
    o.run = storage(DType::bf16, width);
    return o;
}

KernelDesc attention(Reader& r) {
    AttentionDesc a;
    using P = AttentionPass;
    a.pass = r.choice<P>("pass", {{"forward", P::forward}, {"backward", P::backward}, {"decode", P::decode}});
    a.batch = r.extent("batch", 1);
    a.heads = r.integer("heads");
    a.kv_heads = r.integer("kv_heads", a.heads);
    a.q_len = r.integer("q_len");
    a.kv_len = r.integer("kv_len", a.q_len);
    a.d_qk = r.integer("d_qk");
    a.d_v = r.integer("d_v", a.d_qk);
    a.causal = r.flag("causal", true);
    using S = AttentionStyle;
    a.style = r.choice<S>("style", {{"pipelined", S::pipelined}, {"turns", S::turns}, {"warp_mma", S::warp_mma}});
    const auto real = [](std::int64_t v) { return static_cast<double>(v); };
    if (real(a.batch) * real(std::max(a.q_len, a.kv_len)) * real(a.heads) * real(std::max(a.d_qk, a.d_v)) >
        18014398509481984.0) {
        throw ModelError("attention kernel: more than 2^54 elements");
    }
    const std::int64_t tokens = a.batch * a.q_len, keys = a.batch * a.kv_len;
    const Operand q = heads(tokens, a.heads, a.d_qk), o = heads(tokens, a.heads, a.d_v);
    const Operand k = heads(keys, a.kv_heads, a.d_qk), v = heads(keys, a.kv_heads, a.d_v);
    const Operand lse = matrix(DType::fp32, tokens, a.heads);
    a.reads = {q, k, v};
    a.writes = {o, lse};
    if (a.pass == P::backward) {
        const Operand sum = matrix(DType::fp32, tokens, a.heads * a.d_qk);
        a.reads = {q, k, v, o, sum, lse, lse};
        a.writes = {sum, k, v};
    }
    return a;
}

KernelDesc exchange(Reader& r) {
    ExchangeDesc e;
    using K = ExchangeKind;
    e.kind = r.choice<K>("exchange", {{"dispatch", K::dispatch},
                                      {"combine", K::combine},
                                      {"send", K::send},
                                      {"receive", K::receive},
                                      {"all_reduce", K::all_reduce},
                                      {"all_gather", K::all_gather},
                                      {"reduce_scatter", K::reduce_scatter}});
    e.tokens = r.integer("tokens");
    e.unique_tokens = r.extent("unique_tokens", e.tokens);
    e.bytes_per_token = bytes(r.integer("bytes_per_token"));
    e.ranks = narrow(r.integer("ranks"));
    e.ranks_per_node = narrow(r.integer("ranks_per_node", 8));
    e.nodes_per_token = static_cast<double>(r.integer("nodes_per_1000_tokens", 1000)) / 1000;
    e.ranks_per_token = static_cast<double>(r.integer("ranks_per_1000_tokens", 1000)) / 1000;
    e.sms = narrow(r.integer("sms", 0));
    e.reduce = r.flag("reduce", e.kind == K::combine);
    const DType type = element(r, "type", false);
    const std::int64_t row = std::max<std::int64_t>(e.bytes_per_token.raw() * 8 / bits(type), 1);
    const bool back = e.kind == K::combine;
    e.reads = {matrix(type, back ? e.unique_tokens : e.tokens, row)};
    e.writes = {matrix(type, back ? e.tokens : e.unique_tokens, row)};
    return e;
}

KernelDesc barrier(Reader& r) {
    BarrierDesc b;
    b.ranks = narrow(r.integer("ranks"));
    b.ranks_per_node = narrow(r.integer("ranks_per_node", 8));
    b.sms = narrow(r.integer("sms", 0));
    b.round_trips = narrow(r.integer("round_trips", 2));
    b.metadata = bytes(r.integer("metadata_bytes", 0));
    return b;
}

}  // namespace

void add_compute_forms(FormMakers& makers) {
    makers["gemm"] = gemm;
    makers["attention"] = attention;
    makers["exchange"] = exchange;
    makers["barrier"] = barrier;
}

}  // namespace tessera::traces
