#include "workloads/deepseek_v3/dense_ffn.hpp"

#include "sim/ir/stream_kernels.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;
constexpr TaskPass kBackward = TaskPass::backward;
constexpr TaskPass kWeight = TaskPass::weight;

Fp8Tensor made_by(const ChunkBuilder& b, const std::string& role) { return {b.act(role + ".q"), b.act(role + ".s")}; }

}  // namespace

Ffn shared_ffn(const ChunkBuilder& b) {
    return {"shared", b.shared_ffn(), "cast_x_for_moe_dispatch+shared", "cast_dY_for_dispatch"};
}

Ffn dense_ffn(const ChunkBuilder& b) { return {"dense", b.model().dense_ffn, "cast_x_for_dense", "cast_dY_for_dense"}; }

void ffn_gate_up(ChunkBuilder& b, const Ffn& f) {
    const std::int64_t hidden = b.model().hidden;
    const std::string x = b.act(f.x), out = f.name + "_gate_up";
    const std::string scales =
        transpose_scales(b, {"scaleT_x_" + f.name, op_class::scale_transpose, kForward}, x + ".s", b.tokens(), hidden);
    fp8_linear(b, {out, op_class::gemm_forward, kForward}, {x + ".q", scales}, b.weight(out),
               {b.tokens(), 2 * f.width, hidden, {}}, b.act(out));
}

void ffn_down(ChunkBuilder& b, const Ffn& f) {
    const std::string out = f.name + "_down";
    Fp8Tensor h{b.act(f.name + "_h.q"), b.act(f.name + "_h.s")};
    b.add({"swiglu+cast_" + f.name, "swiglu_fused_cast", kForward},
          sk::named(sk::swiglu_cast(b.tokens(), f.width), {b.act(f.name + "_gate_up")}, {h.values, h.scales}));
    h.scales = transpose_scales(b, {"scaleT_swiglu_out_" + f.name, op_class::scale_transpose, kForward}, h.scales,
                                b.tokens(), f.width);
    fp8_linear(b, {out, op_class::gemm_forward, kForward}, h, b.weight(out),
               {b.tokens(), b.model().hidden, f.width, {}}, b.act(out));
}

void store_swiglu_input(ChunkBuilder& b, const std::string& role, const std::string& x, std::int64_t rows,
                        std::int64_t cols) {
    if (!b.recipe().store_swiglu_input_fp8) {
        b.declare_output(x);
        return;
    }
    const Fp8Tensor kept = cast(b, {role, "quant_cast_for_store", kForward}, x, rows, cols);
    b.declare_output(kept.values);
    b.declare_output(kept.scales);
}

std::string swiglu_input(ChunkBuilder& b, const std::string& role, const std::string& name, std::int64_t rows,
                         std::int64_t cols) {
    if (!b.recipe().store_swiglu_input_fp8) { return b.stored(name); }
    const std::string out = b.act(name);
    b.add({role, op_class::cast_back, kBackward},
          sk::named(sk::cast_back(rows, cols, b.compute_sms()), {b.stored(name + ".q"), b.stored(name + ".s")}, {out}),
          b.compute_sms());
    return out;
}

void ffn_activation_gradient(ChunkBuilder& b, const Ffn& f) {
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, ffn = f.width;
    const std::string dy = b.act(f.dy);
    const std::string gate_up =
        swiglu_input(b, "castback_" + f.name + "_swiglu_in", f.name + "_gate_up", tokens, 2 * ffn);
    const std::string w = transposed_weight(b, {"T_" + f.name + "_down_weight", op_class::weight_transpose, kBackward},
                                            f.name + "_down", hidden, ffn);
    const std::string scales =
        transpose_scales(b, {"scaleT_dY_" + f.name, op_class::scale_transpose, kBackward}, dy + ".s", tokens, hidden);
    fp8_linear(b, {f.name + "_down_dgrad", op_class::gemm_dgrad, kBackward}, {dy + ".q", scales}, w,
               {tokens, ffn, hidden, {}}, b.act("d_" + f.name + "_h"));
    b.add({"castT_dY_" + f.name + "_down", op_class::cast_transpose, kWeight},
          sk::named(sk::per_channel_cast_transpose(tokens, hidden, sk::CastSource::fp8), {dy + ".q", dy + ".s"},
                    {b.act("castT_dY_" + f.name + "_down.q"), b.act("castT_dY_" + f.name + "_down.s")}));
    const std::string h = b.act(f.name + "_h_turned");
    if (b.recipe().recompute_swiglu) {
        b.add({"swiglu_recompute+castT_" + f.name, "swiglu_fused_castT", TaskPass::recompute},
              sk::named(sk::swiglu_cast_transpose(tokens, ffn), {gate_up}, {h + ".q", h + ".s"}));
    } else {
        b.add({"castT_swiglu_out_" + f.name, op_class::cast_transpose, kWeight},
              sk::named(sk::per_channel_cast_transpose(tokens, ffn), {b.stored(f.name + "_h")}, {h + ".q", h + ".s"}));
    }
    b.add({"swiglu_bwd_" + f.name, "swiglu_bwd", kBackward},
          sk::named(sk::swiglu_backward(tokens, ffn, false, false, b.compute_sms()),
                    {gate_up, b.act("d_" + f.name + "_h")}, {b.act("d_" + f.name + "_gate_up")}),
          b.compute_sms());
}

// The FFN's input again: norm, cast; the forward pass kept neither.
Fp8Tensor recompute_ffn_input(ChunkBuilder& b, const Ffn& f) {
    const std::int64_t hidden = b.model().hidden;
    if (!b.recipe().recompute_norms) { return {b.stored("ffn_norm.q"), b.stored("ffn_norm.s")}; }
    const std::string y = b.act("ffn_norm_recompute");
    rms_norm(b, {"rmsnorm_ffn_recompute", "norm_recompute", TaskPass::recompute}, {b.stored("residual"), y, "", ""},
             "norm_ffn", hidden);
    return cast(b, {"cast_x_recompute_" + f.name, op_class::per_token_cast, TaskPass::recompute}, y, b.tokens(),
                hidden);
}

void ffn_input_gradient(ChunkBuilder& b, const Ffn& f, const Fp8Tensor& x) {
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, width = 2 * f.width;
    const std::string restored = b.act("x_" + f.name + "_restored");
    b.add({"castback_x_" + f.name, op_class::cast_back, kWeight},
          sk::named(sk::cast_back(tokens, hidden, b.compute_sms()), {x.values, x.scales}, {restored}), b.compute_sms());
    const std::string w =
        transposed_weight(b, {"T_" + f.name + "_gate_up_weight", op_class::weight_transpose, kBackward},
                          f.name + "_gate_up", hidden, width);
    const std::string d = b.act("d_" + f.name + "_gate_up");
    const Fp8Tensor q =
        cast_for_gemm(b, {"cast_d_gate_up_" + f.name, "scaleT_d_gate_up_" + f.name, kBackward}, d, tokens, width);
    fp8_linear(b, {f.name + "_gate_up_dgrad", op_class::gemm_dgrad, kBackward}, q, w, {tokens, hidden, width, {}},
               b.act("dx_" + f.name));
    cast_transposed(b, {"castT_d_gate_up_" + f.name, op_class::cast_transpose, kWeight}, d, tokens, width);
    cast_transposed(b, {"castT_x_" + f.name, op_class::cast_transpose, kWeight}, restored, tokens, hidden);
}

void ffn_down_weight_gradient(ChunkBuilder& b, const Ffn& f) {
    const std::string name = f.name + "_down";
    fp8_weight_gradient(b, name + "_wgrad", made_by(b, "castT_dY_" + name), made_by(b, f.name + "_h_turned"),
                        {b.model().hidden, f.width, b.tokens(), {}}, b.gradient(name), compute_stream);
}

void ffn_gate_up_weight_gradient(ChunkBuilder& b, const Ffn& f) {
    const std::string name = f.name + "_gate_up";
    fp8_weight_gradient(b, name + "_wgrad", made_by(b, "castT_x_" + f.name), made_by(b, "castT_d_gate_up_" + f.name),
                        {b.model().hidden, 2 * f.width, b.tokens(), {}}, b.gradient(name), compute_stream);
}

}  // namespace tessera::deepseek_v3
