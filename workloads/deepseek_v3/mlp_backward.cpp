#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/dense_ffn.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kBackward = TaskPass::backward;
constexpr TaskPass kWeight = TaskPass::weight;

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

}  // namespace

void mlp_backward(ChunkBuilder& b) {
    b.begin_region({"mlp(B)", "mlp", true, compute_stream}, {"combine(B)"});
    const Ffn shared = shared_ffn(b);
    if (shared.width > 0) { ffn_activation_gradient(b, shared); }
    routed_activation_gradient(b);
    routed_swiglu_gradient(b);
    Fp8Tensor x;
    if (shared.width > 0) { x = recompute_ffn_input(b, shared); }
    routed_input_gradient(b);
    if (shared.width > 0) { ffn_input_gradient(b, shared, x); }
}

}  // namespace tessera::deepseek_v3
