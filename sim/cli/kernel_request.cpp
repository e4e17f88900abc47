#include "sim/cli/kernel_request.hpp"

#include "sim/base/text.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <algorithm>
#include <array>

namespace tessera::cli {
namespace {

namespace sk = stream_kernels;

constexpr std::int64_t kMostExtent = std::int64_t{1} << 24;  // of one dimension: 16 Mi elements
constexpr std::int64_t kMostCount = 1 << 16;                 // of heads, groups, batch entries
constexpr std::int64_t kGroup = 128;                         // elements per scale

struct Kind {
    const char* name;
    std::vector<std::string> needed, taken;  // options
    KernelRequest (*build)(Arguments&, const SystemConfig&);
};

std::int64_t extent(Arguments& a, const char* name, std::int64_t otherwise = 1) {
    return a.integer(name, otherwise, 1, kMostExtent);
}

DType dtype(Arguments& a, DType otherwise) {
    static constexpr std::array<DType, 3> types = {DType::fp8_e4m3, DType::bf16, DType::fp32};
    return a.has("--dtype") ? types[a.choice("--dtype", 1)] : otherwise;
}

Operand operand(DType type, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.dtype = type;
    o.rows = rows;
    o.cols = cols;
    return o;
}

std::int64_t scale_groups(std::int64_t elements) { return (elements + kGroup - 1) / kGroup; }

std::string by(std::int64_t a, std::int64_t b) { return std::to_string(a) + " x " + std::to_string(b); }

ScaleMode scale_mode(Arguments& a, DType type) {
    static constexpr std::array<ScaleMode, 5> modes = {ScaleMode::none, ScaleMode::tensor_promoted, ScaleMode::row,
                                                       ScaleMode::block_1x128_128x128, ScaleMode::block_1x128_1x128};
    return modes[a.choice("--scale", is_fp8(type) ? 3 : 0)];
}

// Scale tensors that the kernel reads from memory.
std::vector<Operand> scale_operands(const GemmDesc& g) {
    const std::int64_t k = scale_groups(g.k), groups = g.groups();
    switch (g.scale) {
        case ScaleMode::block_1x128_128x128:
            return {operand(DType::fp32, k, g.m), operand(DType::fp32, groups * scale_groups(g.n), k)};
        case ScaleMode::block_1x128_1x128: return {operand(DType::fp32, k, g.m), operand(DType::fp32, k, g.n)};
        case ScaleMode::row: return {operand(DType::fp32, 1, g.m), operand(DType::fp32, 1, g.n)};
        case ScaleMode::tensor_promoted:
        case ScaleMode::none: break;
    }
    return {};
}

void group(GemmDesc& g, Arguments& a) {
    const std::int64_t groups = a.integer("--groups", 1, 1, kMostCount);
    if (groups == 1) { return; }
    const bool along_k = a.choice("--along", 0) == 1;
    const std::int64_t whole = along_k ? g.k : g.m;
    if (whole % groups != 0) {
        a.problem("--groups " + std::to_string(groups) + " does not divide " + (along_k ? "--k " : "--m ") +
                  std::to_string(whole) + " into equal groups");
        return;
    }
    g.form = along_k ? GemmForm::grouped_k : GemmForm::grouped_m;
    g.group_sizes.assign(static_cast<std::size_t>(groups), whole / groups);
}

KernelRequest gemm(Arguments& a, const SystemConfig&) {
    GemmDesc g;
    const DType type = dtype(a, DType::fp8_e4m3);
    if (type == DType::fp32) { a.problem("--dtype is \"fp32\": a GEMM takes fp8 or bf16"); }
    g.m = extent(a, "--m");
    g.n = extent(a, "--n");
    g.k = extent(a, "--k");
    g.scale = scale_mode(a, type);
    if (g.scale != ScaleMode::none && !is_fp8(type)) {
        a.problem("--scale: scales belong to FP8 operands, not to bf16");
    }
    const bool promoted = g.scale != ScaleMode::none;
    g.promotion_interval = static_cast<int>(a.integer("--promotion", promoted ? kGroup : 0, 0, kMostCount));
    group(g, a);
    const bool d_per_group = g.form == GemmForm::grouped_k;
    g.accumulate = a.has("--accumulate");
    g.a = operand(type, g.m, g.k);
    g.b = operand(type, (d_per_group ? 1 : g.groups()) * g.n, g.k);
    g.d = operand(g.accumulate ? DType::fp32 : DType::bf16, (d_per_group ? g.groups() : 1) * g.m, g.n);
    g.scales = scale_operands(g);
    std::string title = "GEMM " + std::string(to_string(type)) + " " + by(g.m, g.n) + " x " + std::to_string(g.k);
    if (g.groups() > 1) { title += ", " + std::to_string(g.groups()) + " groups along " + (d_per_group ? "k" : "m"); }
    if (promoted) { title += ", " + std::string(to_string(g.scale)) + " scales"; }
    return {title, g};
}

KernelRequest attention(Arguments& a, const SystemConfig&) {
    static constexpr std::array<AttentionPass, 3> passes = {AttentionPass::forward, AttentionPass::backward,
                                                            AttentionPass::decode};
    AttentionDesc k;
    k.pass = passes[a.choice("--pass", 0)];
    k.batch = a.integer("--batch", 1, 1, kMostCount);
    k.heads = a.integer("--heads", 128, 1, kMostCount);
    k.kv_heads = a.integer("--kv-heads", k.heads, 1, kMostCount);
    k.q_len = extent(a, "--q-len", k.pass == AttentionPass::decode ? 1 : 4096);
    k.kv_len = extent(a, "--kv-len", k.pass == AttentionPass::decode ? 4096 : k.q_len);
    k.d_qk = a.integer("--d-qk", 192, 1, 4096);
    k.d_v = a.integer("--d-v", 128, 1, 4096);
    k.causal = !a.has("--no-causal");
    const std::int64_t q = k.batch * k.q_len, kv = k.batch * k.kv_len;
    const Operand query = operand(DType::bf16, q, k.heads * k.d_qk),
                  key = operand(DType::bf16, kv, k.kv_heads * k.d_qk);
    const Operand value = operand(DType::bf16, kv, k.kv_heads * k.d_v), out = operand(DType::bf16, q, k.heads * k.d_v);
    const Operand sums = operand(DType::fp32, q, k.heads);
    k.reads = {query, key, value};
    k.writes = {out, sums};
    if (k.pass == AttentionPass::backward) {
        k.reads.insert(k.reads.end(), {out, sums, sums});
        k.writes = {operand(DType::fp32, q, k.heads * k.d_qk), key, value};
    }
    const std::string title = "attention " + std::string(to_string(k.pass)) + ", " + std::to_string(k.heads) +
                              " heads, " + by(k.q_len, k.kv_len) + (k.causal ? ", causal" : "");
    return {title, k};
}

KernelRequest stream(const std::string& name, Arguments& a, StreamDesc d) {
    return {name + " " + by(extent(a, "--rows"), extent(a, "--cols")), std::move(d)};
}

KernelRequest cast(Arguments& a, const SystemConfig&) {
    return stream("cast to FP8", a,
                  sk::per_token_cast(extent(a, "--rows"), extent(a, "--cols"), dtype(a, DType::bf16)));
}
KernelRequest transpose(Arguments& a, const SystemConfig&) {
    const std::int64_t rows = extent(a, "--rows"), cols = extent(a, "--cols");
    if (dtype(a, DType::fp8_e4m3) == DType::fp8_e4m3) {
        return stream("transpose of FP8", a, sk::transpose_fp8(rows, cols));
    }
    return stream("cast and transpose", a, sk::per_channel_cast_transpose(rows, cols));
}
KernelRequest swiglu(Arguments& a, const SystemConfig&) {
    const std::int64_t rows = extent(a, "--rows"), cols = extent(a, "--cols");
    if (dtype(a, DType::bf16) == DType::fp8_e4m3) {
        return stream("SwiGLU with cast to FP8", a, sk::swiglu_cast(rows, cols));
    }
    return stream("SwiGLU", a, sk::swiglu(rows, cols));
}
KernelRequest norm(Arguments& a, const SystemConfig& system) {
    StreamDesc d = sk::rms_norm(extent(a, "--rows"), extent(a, "--cols"), system.sm.count, a.has("--residual"));
    const int registers = std::max(1, d.registers * d.threads);
    d.max_ctas = system.sm.count * std::max(1, system.sm.registers / registers);  // persistent: as many as fit
    return stream("RMSNorm", a, std::move(d));
}
KernelRequest copy(Arguments& a, const SystemConfig&) {
    const DType type = dtype(a, DType::bf16);
    return stream("copy", a, sk::elementwise(extent(a, "--rows"), extent(a, "--cols"), 1, type, type));
}

const std::vector<Kind>& kinds() {
    static const std::vector<std::string> extents = {"--rows", "--cols"};
    static const std::vector<Kind> list = {
        {"gemm",
         {"--m", "--n", "--k"},
         {"--dtype", "--scale", "--promotion", "--groups", "--along", "--accumulate"},
         gemm},
        {"attention",
         {},
         {"--pass", "--batch", "--heads", "--kv-heads", "--q-len", "--kv-len", "--d-qk", "--d-v", "--no-causal"},
         attention},
        {"cast", extents, {"--dtype"}, cast},
        {"transpose", extents, {"--dtype"}, transpose},
        {"swiglu", extents, {"--dtype"}, swiglu},
        {"norm", extents, {"--residual"}, norm},
        {"copy", extents, {"--dtype"}, copy}};
    return list;
}

void check_options(const Kind& kind, Arguments& a) {
    for (const std::string& name : kind.needed) {
        if (!a.has(name)) { a.problem(name + " is needed for " + kind.name); }
    }
    for (const OptionSpec& o : kernel_options()) {
        const bool mine = std::count(kind.needed.begin(), kind.needed.end(), o.name) != 0 ||
                          std::count(kind.taken.begin(), kind.taken.end(), o.name) != 0;
        if (!mine && a.has(o.name)) {
            std::vector<std::string> allowed = kind.needed;
            allowed.insert(allowed.end(), kind.taken.begin(), kind.taken.end());
            a.problem(o.name + " does not belong to " + kind.name, "its options are " + join(allowed, ", "));
        }
    }
}

}  // namespace

std::vector<std::string> kernel_kinds() {
    std::vector<std::string> names;
    for (const Kind& k : kinds()) { names.emplace_back(k.name); }
    return names;
}

std::vector<OptionSpec> kernel_options() {
    return {
        {"--m", "N", "gemm: rows of the result"},
        {"--n", "N", "gemm: columns of the result"},
        {"--k", "N", "gemm: length of the sums"},
        {"--scale", "MODE", "gemm: none, tensor, row, block (1x128 by 128x128), block11 (1x128 by 1x128)", false,
         one_of({"none", "tensor", "row", "block", "block11"})},
        {"--promotion", "N", "gemm: elements of k between promotions to FP32; 0: never"},
        {"--groups", "N", "gemm: equal groups (experts)"},
        {"--along", "m|k", "gemm: dimension that the groups divide; default m", false, one_of({"m", "k"})},
        {"--accumulate", "", "gemm: add to an FP32 result"},
        {"--pass", "PASS", "attention: forward, backward or decode", false, one_of({"forward", "backward", "decode"})},
        {"--batch", "N", "attention: sequences; default 1"},
        {"--heads", "N", "attention: query heads; default 128"},
        {"--kv-heads", "N", "attention: key and value heads; default as --heads"},
        {"--q-len", "N", "attention: queries per sequence; default 4096, decode 1"},
        {"--kv-len", "N", "attention: keys per sequence; default as --q-len, decode 4096"},
        {"--d-qk", "N", "attention: head size of queries and keys; default 192"},
        {"--d-v", "N", "attention: head size of values; default 128"},
        {"--no-causal", "", "attention: every query sees every key"},
        {"--rows", "N", "cast, transpose, swiglu, norm, copy: rows"},
        {"--cols", "N", "cast, transpose, swiglu, norm, copy: columns (swiglu: of the result)"},
        {"--residual", "", "norm: add the residual first"},
        {"--dtype", "TYPE", "fp8, bf16 or fp32: operands of gemm, copy; input of cast and transpose; output of swiglu",
         false, one_of({"fp8", "bf16", "fp32"})}};
}

KernelRequest kernel_request(const std::string& kind, Arguments& arguments, const SystemConfig& system) {
    for (const Kind& k : kinds()) {
        if (k.name != kind) { continue; }
        check_options(k, arguments);
        return k.build(arguments, system);
    }
    throw InternalError("kernel_request() is asked for a kind that is not in the list");
}

}  // namespace tessera::cli
