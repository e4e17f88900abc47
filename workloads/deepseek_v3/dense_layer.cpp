#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/dense_ffn.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

void dense_forward(ChunkBuilder& b) {
    b.begin_region({"mlp(F)", "mlp", false, compute_stream}, {});
    const Ffn f = dense_ffn(b);
    ffn_gate_up(b, f);
    ffn_down(b, f);
    store_swiglu_input(b, "cast_swiglu_in_dense", b.act("dense_gate_up"), b.tokens(), 2 * f.width);
    const std::string next = b.of(false, b.layer() + 1, "x");
    b.add(
        {"add_residual", op_class::eltwise, TaskPass::forward},
        sk::named(sk::elementwise_add(b.tokens(), b.model().hidden), {b.act("residual"), b.act("dense_down")}, {next}));
    b.declare_output(next);
}

void dense_backward(ChunkBuilder& b) {
    b.begin_region({"mlp(B)", "mlp", true, compute_stream}, {});
    const Ffn f = dense_ffn(b);
    const std::string dy = b.act("dy");
    if (b.starts_chunk()) { b.declare_input(dy); }
    cast(b, {f.dy, op_class::per_token_cast, TaskPass::backward}, dy, b.tokens(), b.model().hidden);
    ffn_activation_gradient(b, f);
    ffn_input_gradient(b, f, recompute_ffn_input(b, f));
}

void dense_weight(ChunkBuilder& b) {
    b.begin_region({"mlp(W)", "mlp_w", true, compute_stream}, {"mlp(B)"});
    const Ffn f = dense_ffn(b);
    ffn_down_weight_gradient(b, f);
    ffn_gate_up_weight_gradient(b, f);
}

}  // namespace tessera::deepseek_v3
