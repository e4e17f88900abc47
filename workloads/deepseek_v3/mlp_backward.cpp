#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kBackward = TaskPass::backward;
constexpr TaskPass kWeight = TaskPass::weight;

// SwiGLU's input: stored in FP8 and cast back, or stored as it was.
std::string swiglu_input(ChunkBuilder& b, const std::string& role, const std::string& name, std::int64_t rows,
                         std::int64_t cols) {
    if (!b.recipe().store_swiglu_input_fp8) { return b.stored(name); }
    const std::string out = b.act(name);
    b.add({role, op_class::cast_back, kBackward},
          sk::named(sk::cast_back(rows, cols, b.compute_sms()), {b.stored(name + ".q"), b.stored(name + ".s")}, {out}),
          b.compute_sms());
    return out;
}

void shared_activation_gradient(ChunkBuilder& b) {
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, ffn = b.shared_ffn();
    const std::string dy = b.act("cast_dY_for_dispatch");
    const std::string gate_up = swiglu_input(b, "castback_shared_swiglu_in", "shared_gate_up", tokens, 2 * ffn);
    const std::string w = transposed_weight(b, {"T_shared_down_weight", op_class::weight_transpose, kBackward},
                                            "shared_down", hidden, ffn);
    const std::string scales =
        transpose_scales(b, {"scaleT_dY_shared", op_class::scale_transpose, kBackward}, dy + ".s", tokens, hidden);
    fp8_linear(b, {"shared_down_dgrad", op_class::gemm_dgrad, kBackward}, {dy + ".q", scales}, w,
               {tokens, ffn, hidden, {}}, b.act("d_shared_h"));
    b.add({"castT_dY_shared_down", op_class::cast_transpose, kWeight},
          sk::named(sk::per_channel_cast_transpose(tokens, hidden, sk::CastSource::fp8), {dy + ".q", dy + ".s"},
                    {b.act("castT_dY_shared_down.q"), b.act("castT_dY_shared_down.s")}));
    const std::string h = b.act("shared_h_turned");
    if (b.recipe().recompute_swiglu) {
        b.add({"swiglu_recompute+castT_shared", "swiglu_fused_castT", TaskPass::recompute},
              sk::named(sk::swiglu_cast_transpose(tokens, ffn), {gate_up}, {h + ".q", h + ".s"}));
    } else {
        b.add({"castT_swiglu_out_shared", op_class::cast_transpose, kWeight},
              sk::named(sk::per_channel_cast_transpose(tokens, ffn), {b.stored("shared_h")}, {h + ".q", h + ".s"}));
    }
    b.add({"swiglu_bwd_shared", "swiglu_bwd", kBackward},
          sk::named(sk::swiglu_backward(tokens, ffn, false, false, b.compute_sms()), {gate_up, b.act("d_shared_h")},
                    {b.act("d_shared_gate_up")}),
          b.compute_sms());
}

void routed_activation_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t rows = b.rows(), ffn = m.expert_ffn;
    const std::string gate_up = swiglu_input(b, "castback_routed_swiglu_in", "routed_gate_up", rows, 2 * ffn);
    Fp8Tensor dy{b.act("dy_expanded.q"), b.act("dy_expanded.s")};
    b.add({"expand_dY_fp8", "expand", kBackward},
          sk::named(sk::expand(rows, b.unique_tokens(), m.hidden),
                    {b.act("dy_received.q"), b.act("dy_received.s"), b.stored("row_map")}, {dy.values, dy.scales}));
    dy.scales =
        copy_scales(b, {"scale_copy_dY_routed", op_class::scale_transpose, kBackward}, dy.scales, rows, m.hidden);
    fp8_linear(b, {"routed_down_dgrad", op_class::gemm_dgrad, kBackward}, dy, b.weight("routed_down"),
               {rows, ffn, m.hidden, b.expert_rows()}, b.act("d_routed_h"));
}

// SwiGLU of the routed experts again and its gradient in one kernel: d(gate|up), the output weighted by the router
// (operand of the down projection's weight gradient) and unweighted (for the gradient of the weight itself).
void routed_swiglu_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t rows = b.rows(), ffn = m.expert_ffn;
    const std::string gate_up =
        b.recipe().store_swiglu_input_fp8 ? b.act("routed_gate_up") : b.stored("routed_gate_up");
    std::string weighted = b.act("routed_h"), plain = b.act("routed_h_unweighted");
    StreamDesc k = sk::swiglu_backward(rows, ffn, true, b.recipe().recompute_swiglu);
    std::vector<std::string> out = {b.act("d_routed_gate_up")};
    if (b.recipe().recompute_swiglu) {
        k.writes.push_back(k.writes.back());
        out.insert(out.end(), {weighted, plain});
    } else {
        weighted = b.stored("routed_h");
        plain = b.stored("routed_h_unweighted");
    }
    b.add({"swiglu_fwd_recompute+bwd_routed", "swiglu_bwd", kBackward},
          sk::named(k, {gate_up, b.act("d_routed_h"), b.stored("row_weights")}, out));
    StreamDesc dw =
        sk::named(sk::swiglu_weight_gradient(rows, ffn), {plain, b.act("d_routed_h")}, {b.act("d_row_weights")});
    dw.writes[0].rows = b.unique_tokens();
    dw.writes[0].cols = m.experts_per_token;
    b.add({"swiglu_topk_weight_grad", "swiglu_bwd", kBackward}, dw);
    const Op turn{"castT_swiglu_out_routed", op_class::cast_transpose, kWeight};
    cast_transposed(b, turn, weighted, rows, ffn);
    b.add({"mul_topk_weight_grad", op_class::router, kBackward},
          sk::named(sk::elementwise(b.unique_tokens(), m.experts_per_token, 1, DType::fp32, DType::fp32),
                    {b.act("d_row_weights")}, {b.act("d_topk_weights_received")}));
}

// The shared expert's input again: norm, cast; the forward pass kept neither.
Fp8Tensor recompute_shared_input(ChunkBuilder& b) {
    const std::int64_t hidden = b.model().hidden;
    if (!b.recipe().recompute_norms) { return {b.stored("ffn_norm.q"), b.stored("ffn_norm.s")}; }
    const std::string y = b.act("ffn_norm_recompute");
    rms_norm(b, {"rmsnorm_ffn_recompute", "norm_recompute", TaskPass::recompute}, {b.stored("residual"), y, "", ""},
             "norm_ffn", hidden);
    return cast(b, {"cast_x_recompute_shared", op_class::per_token_cast, TaskPass::recompute}, y, b.tokens(), hidden);
}

void routed_input_gradient(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t rows = b.rows(), width = 2 * m.expert_ffn;
    Fp8Tensor d =
        cast(b, {"cast_d_gate_up_routed", op_class::per_token_cast, kBackward}, b.act("d_routed_gate_up"), rows, width);
    d.scales =
        copy_scales(b, {"scale_copy_d_gate_up_routed", op_class::scale_transpose, kBackward}, d.scales, rows, width);
    fp8_linear(b, {"routed_gate_up_dgrad", op_class::gemm_dgrad, kBackward}, d, b.weight("routed_gate_up"),
               {rows, m.hidden, width, b.expert_rows()}, b.act("dx_routed"));
    b.add({"reduce_dX_routed", "reduce", kBackward},
          sk::named(sk::weighted_reduce(rows, b.unique_tokens(), m.hidden), {b.act("dx_routed"), b.stored("row_map")},
                    {b.act("dx_reduced")}));
    cast_transposed(b, {"castT_d_gate_up_routed", op_class::cast_transpose, kWeight}, b.act("d_routed_gate_up"), rows,
                    width);
}

void shared_input_gradient(ChunkBuilder& b, const Fp8Tensor& x) {
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, width = 2 * b.shared_ffn();
    const std::string restored = b.act("x_shared_restored");
    b.add({"castback_x_shared", op_class::cast_back, kWeight},
          sk::named(sk::cast_back(tokens, hidden, b.compute_sms()), {x.values, x.scales}, {restored}), b.compute_sms());
    const std::string w = transposed_weight(b, {"T_shared_gate_up_weight", op_class::weight_transpose, kBackward},
                                            "shared_gate_up", hidden, width);
    const std::string d = b.act("d_shared_gate_up");
    const Fp8Tensor q =
        cast_for_gemm(b, {"cast_d_gate_up_shared", "scaleT_d_gate_up_shared", kBackward}, d, tokens, width);
    fp8_linear(b, {"shared_gate_up_dgrad", op_class::gemm_dgrad, kBackward}, q, w, {tokens, hidden, width, {}},
               b.act("dx_shared"));
    cast_transposed(b, {"castT_d_gate_up_shared", op_class::cast_transpose, kWeight}, d, tokens, width);
    cast_transposed(b, {"castT_x_shared", op_class::cast_transpose, kWeight}, restored, tokens, hidden);
}

}  // namespace

void mlp_backward(ChunkBuilder& b) {
    b.begin_region({"mlp(B)", "mlp", true, compute_stream}, {"combine(B)"});
    const bool shared = b.shared_ffn() > 0;
    if (shared) { shared_activation_gradient(b); }
    routed_activation_gradient(b);
    routed_swiglu_gradient(b);
    Fp8Tensor x;
    if (shared) { x = recompute_shared_input(b); }
    routed_input_gradient(b);
    if (shared) { shared_input_gradient(b, x); }
}

}  // namespace tessera::deepseek_v3
