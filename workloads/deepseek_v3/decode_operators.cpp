#include "workloads/deepseek_v3/decode_operators.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"

namespace tessera::deepseek_v3 {

namespace {

constexpr std::int64_t kScaleGroup = 128;

std::int64_t scale_groups(std::int64_t elements) { return (elements + kScaleGroup - 1) / kScaleGroup; }

}  // namespace

Fp8Tensor decode_cast(ChunkBuilder& b, const std::string& role, const std::string& x, std::int64_t cols) {
    constexpr std::int64_t block_cols = 8 * kScaleGroup;
    const Fp8Tensor q{b.act(role) + ".q", b.act(role) + ".s"};
    StreamDesc kernel =
        stream_kernels::per_token_cast(b.tokens(), cols, DType::bf16, stream_kernels::CastCode::multiply);
    if (cols > block_cols) {
        stream_kernels::Geometry g;
        g.tile_cols = block_cols;
        kernel = stream_kernels::with_geometry(kernel, g);
    }
    b.add({role, op_class::per_token_cast, TaskPass::forward},
          stream_kernels::named(kernel, {x}, {q.values, q.scales}));
    return q;
}

void decode_linear(ChunkBuilder& b, const std::string& role, const Fp8Tensor& x, const std::string& weight,
                   const GemmShape& s, const std::string& out) {
    GemmDesc g;
    g.m = s.m;
    g.n = s.n;
    g.k = s.k;
    g.scale = ScaleMode::block_1x128_128x128;
    g.promotion_interval = b.recipe().promotion_interval;
    if (!s.group_rows.empty()) {
        g.form = GemmForm::masked_m;
        g.group_sizes = s.group_rows;
    }
    const std::int64_t groups = g.groups();
    g.a = routing_operand(x.values, DType::fp8_e4m3, s.m, s.k);
    g.b = routing_operand(weight, DType::fp8_e4m3, groups * s.n, s.k);
    g.d = routing_operand(out, DType::bf16, s.m, s.n);
    const std::string weight_scales = b.declare_input(weight + ".scales");
    g.scales = {routing_operand(x.scales, DType::fp32, scale_groups(s.k), s.m),
                routing_operand(weight_scales, DType::fp32, groups * scale_groups(s.n), scale_groups(s.k))};
    b.add({role, op_class::gemm_forward, TaskPass::forward}, g, b.compute_sms());
}

void per_head_product(ChunkBuilder& b, const std::string& role, const std::string& x, const std::string& weight,
                      std::int64_t n, std::int64_t k, const std::string& out) {
    const std::int64_t heads = b.model().heads, rows = b.tokens();
    GemmDesc g;
    g.form = GemmForm::grouped_m;
    g.group_sizes.assign(static_cast<std::size_t>(heads), rows);
    g.m = heads * rows;
    g.n = n;
    g.k = k;
    g.a = routing_operand(x, DType::bf16, g.m, k);
    g.b = routing_operand(weight, DType::bf16, heads * n, k);
    g.d = routing_operand(out, DType::bf16, g.m, n);
    GemmTiling t;  // a batched kernel of the library: a head's rows fill one tile
    t.bm = rows > 64 ? 128 : 64;
    t.bn = 128;
    t.bk = 64;
    g.tiling = t;
    b.add({role, "gemm_bf16_absorbed", TaskPass::forward}, g, b.compute_sms());
}

std::vector<std::int64_t> decode_expert_rows(const ChunkBuilder& b) {
    const std::int64_t experts = b.local_experts(), rows = b.rows();
    std::vector<std::int64_t> sizes;
    for (std::int64_t e = 0; e < experts; ++e) { sizes.push_back((e + 1) * rows / experts - e * rows / experts); }
    return sizes;
}

}  // namespace tessera::deepseek_v3
