#include "workloads/deepseek_v3/operators.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/launch_rules.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr std::int64_t kScaleGroup = 128;  // elements of k per scale, and side of a weight's scale block

std::int64_t scale_groups(std::int64_t elements) { return (elements + kScaleGroup - 1) / kScaleGroup; }
std::int64_t padded(std::int64_t elements) { return scale_groups(elements) * kScaleGroup; }

Operand operand(const std::string& tensor, DType dtype, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.tensor = tensor;
    o.dtype = dtype;
    o.rows = rows;
    o.cols = cols;
    return o;
}

GemmDesc training_gemm(const ChunkBuilder& b, const GemmShape& s) {
    GemmDesc g;
    g.m = s.m;
    g.n = s.n;
    g.k = s.k;
    g.promotion_interval = b.recipe().promotion_interval;
    g.tiling = training_gemm_tiling();
    return g;
}

}  // namespace

Fp8Tensor cast(ChunkBuilder& b, const Op& op, const std::string& x, std::int64_t rows, std::int64_t cols) {
    const std::string base = b.act(op.role);
    const Fp8Tensor q{base + ".q", base + ".s"};
    b.add(op, sk::named(sk::per_token_cast(rows, cols), {x}, {q.values, q.scales}));
    return q;
}

std::string transpose_scales(ChunkBuilder& b, const Op& op, const std::string& scales, std::int64_t rows,
                             std::int64_t cols) {
    const std::string out = b.act(op.role);
    b.add(op, sk::named(sk::scale_transpose(rows, scale_groups(cols)), {scales}, {out}));
    return out;
}

std::string copy_scales(ChunkBuilder& b, const Op& op, const std::string& scales, std::int64_t rows,
                        std::int64_t cols) {
    const std::string out = b.act(op.role);
    b.add(op, sk::named(sk::scale_copy(rows, scale_groups(cols)), {scales}, {out}));
    return out;
}

Fp8Tensor cast_for_gemm(ChunkBuilder& b, const CastRoles& roles, const std::string& x, std::int64_t rows,
                        std::int64_t cols) {
    Fp8Tensor q = cast(b, {roles.cast, op_class::per_token_cast, roles.pass}, x, rows, cols);
    q.scales = transpose_scales(b, {roles.scales, op_class::scale_transpose, roles.pass}, q.scales, rows, cols);
    return q;
}

Fp8Tensor cast_transposed(ChunkBuilder& b, const Op& op, const std::string& x, std::int64_t rows, std::int64_t cols) {
    const std::string base = b.act(op.role);
    const Fp8Tensor q{base + ".q", base + ".s"};
    b.add(op, sk::named(sk::per_channel_cast_transpose(rows, cols), {x}, {q.values, q.scales}));
    return q;
}

std::string transposed_weight(ChunkBuilder& b, const Op& op, std::string_view weight, std::int64_t rows,
                              std::int64_t cols, std::int64_t batch) {
    const std::string name(weight);
    if (b.recipe().cache_transposed_weights) { return b.weight(name + ".T"); }
    const std::string out = b.act(op.role);
    b.add(op, sk::named(sk::transpose_fp8(padded(rows), padded(cols), batch), {b.weight(name)}, {out}));
    return out;
}

void fp8_linear(ChunkBuilder& b, const Op& op, const Fp8Tensor& a, const std::string& w, const GemmShape& s,
                const std::string& out) {
    GemmDesc g = training_gemm(b, s);
    g.scale = ScaleMode::block_1x128_128x128;
    if (!s.group_rows.empty()) {
        g.form = GemmForm::grouped_m;
        g.group_sizes = s.group_rows;
    }
    const std::int64_t groups = g.groups();
    g.a = operand(a.values, DType::fp8_e4m3, s.m, s.k);
    g.b = operand(w, DType::fp8_e4m3, groups * s.n, s.k);
    g.d = operand(out, DType::bf16, s.m, s.n);
    const std::string weight_scales = b.declare_input(w + ".scales");
    g.scales = {operand(a.scales, DType::fp32, scale_groups(s.k), s.m),
                operand(weight_scales, DType::fp32, groups * scale_groups(s.n), scale_groups(s.k))};
    b.add(op, g, b.compute_sms());
}

TaskId fp8_weight_gradient(ChunkBuilder& b, const std::string& role, const Fp8Tensor& a, const Fp8Tensor& other,
                           const GemmShape& s, const std::string& gradient, StreamId stream,
                           std::initializer_list<TaskId> also) {
    GemmDesc g = training_gemm(b, s);
    g.scale = ScaleMode::block_1x128_1x128;
    g.accumulate = true;
    g.a = operand(a.values, DType::fp8_e4m3, s.m, s.k);
    g.b = operand(other.values, DType::fp8_e4m3, s.n, s.k);
    g.d = operand(gradient, DType::fp32, s.m, s.n);
    g.scales = {operand(a.scales, DType::fp32, scale_groups(s.k), s.m),
                operand(other.scales, DType::fp32, scale_groups(s.k), s.n)};
    return b.add_on(stream, {role, op_class::gemm_wgrad, TaskPass::weight}, g, b.compute_sms(), also);
}

void linear_gradient(ChunkBuilder& b, const LinearGradient& p, const std::string& x) {
    constexpr TaskPass backward = TaskPass::backward;
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden;
    Fp8Tensor d = cast(b, {p.cast_role, op_class::per_token_cast, backward}, p.gradient, tokens, p.width);
    const std::string w = transposed_weight(b, {"T_" + p.weight + "_weight", op_class::weight_transpose, backward},
                                            p.weight, p.width, hidden);
    d.scales =
        transpose_scales(b, {"scaleT_d_" + p.weight, op_class::scale_transpose, backward}, d.scales, tokens, p.width);
    fp8_linear(b, {p.weight + "_dgrad", op_class::gemm_dgrad, backward}, d, w, {tokens, hidden, p.width, {}},
               b.act("dx_" + p.weight));
    if (!p.turn_x.empty()) {
        cast_transposed(b, {p.turn_x, op_class::cast_transpose, TaskPass::weight}, x, tokens, hidden);
    }
    cast_transposed(b, {"castT_d_" + p.weight, op_class::cast_transpose, TaskPass::weight}, p.gradient, tokens,
                    p.width);
}

void rms_norm(ChunkBuilder& b, const Op& op, const NormTensors& t, std::string_view weight, std::int64_t cols,
              std::int64_t parts) {
    const bool residual = !t.residual.empty();
    std::vector<std::string> in = {t.x}, out = {t.y};
    if (residual) {
        in.push_back(t.residual);
        out.push_back(t.sum);
    }
    in.push_back(b.weight(weight));
    b.add(op, sk::named(norm_kernel(b.system().sm, b.tokens() * parts, cols, residual), in, out));
}

void rms_norm_backward(ChunkBuilder& b, const std::string& role, const NormGradientTensors& t, std::string_view weight,
                       std::int64_t cols, std::int64_t parts) {
    std::vector<std::string> in = {t.x, t.dy};
    if (!t.residual_gradient.empty()) { in.push_back(t.residual_gradient); }
    in.push_back(b.weight(weight));
    const std::string partial = b.act(role + ".partial"), sum = b.act(role + ".sum");
    const StreamDesc kernel =
        norm_backward_kernel(b.system().sm, b.tokens() * parts, cols, !t.residual_gradient.empty());
    b.add({role, op_class::norm_backward, TaskPass::backward}, sk::named(kernel, in, {t.dx, partial}));
    b.add({role + "_finalize", op_class::norm_backward, TaskPass::backward},
          sk::named(norm_finalize_kernel(kernel.max_ctas, cols), {partial}, {sum}));
    const std::string gradient = b.gradient(weight);
    b.add({"accum_norm_grad", "grad_accum_small", TaskPass::backward},
          sk::named(sk::elementwise_add(1, cols, DType::fp32), {sum, gradient}, {gradient}));
}

}  // namespace tessera::deepseek_v3
