// Multi-token prediction module: RMSNorm of the previous hidden state and of the next token's embedding, both side by
// side through a projection to the model's width (DeepSeek-V3 technical report, section 2.2, equation 21).
#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/model_ends.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;
constexpr TaskPass kBackward = TaskPass::backward;

// Writes one half of the joined rows.
void place_half(ChunkBuilder& b, const std::string& role, const std::string& from, const std::string& to) {
    const std::int64_t hidden = b.model().hidden;
    b.add({role, op_class::layout_copy, kForward},
          sk::named(sk::layout_copy(b.tokens(), hidden, {}, storage(DType::bf16, hidden)), {from}, {to}));
}

}  // namespace

void prediction_forward(ChunkBuilder& b) {
    b.begin_region({"mtp(F)", "mtp", false, compute_stream}, {"combine(F)"});
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden;
    const std::string x = b.act("x"), joined = b.act("mtp_joined");
    if (b.starts_chunk()) { b.declare_input(x); }
    embed(b, "mtp_embedding", b.act("mtp_embedded"));
    rms_norm(b, {"rmsnorm_mtp_hidden", op_class::norm_forward, kForward}, {x, b.act("mtp_hidden"), "", ""},
             "norm_mtp_hidden", hidden);
    rms_norm(b, {"rmsnorm_mtp_embedding", op_class::norm_forward, kForward},
             {b.act("mtp_embedded"), b.act("mtp_embedding_normed"), "", ""}, "norm_mtp_embedding", hidden);
    place_half(b, "copy_mtp_hidden", b.act("mtp_hidden"), joined);
    place_half(b, "copy_mtp_embedding", b.act("mtp_embedding_normed"), joined);
    const Fp8Tensor q =
        cast_for_gemm(b, {"cast_mtp_joined", "scaleT_mtp_joined", kForward}, joined, tokens, 2 * hidden);
    fp8_linear(b, {"mtp_projection", op_class::gemm_forward, kForward}, q, b.weight("mtp_projection"),
               {tokens, hidden, 2 * hidden, {}}, b.act("x_projected"));
    b.declare_output(joined);
}

void prediction_backward(ChunkBuilder& b) {
    b.begin_region({"mtp(B)", "mtp", true, compute_stream}, {"attn(B)"});
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden;
    const std::string dy = b.act("dy_projected"), d_joined = b.act("d_mtp_joined");
    const std::string w = transposed_weight(b, {"T_mtp_projection_weight", op_class::weight_transpose, kBackward},
                                            "mtp_projection", hidden, 2 * hidden);
    const Fp8Tensor q = cast_for_gemm(b, {"cast_d_mtp", "scaleT_d_mtp", kBackward}, dy, tokens, hidden);
    fp8_linear(b, {"mtp_projection_dgrad", op_class::gemm_dgrad, kBackward}, q, w, {tokens, 2 * hidden, hidden, {}},
               d_joined);
    cast_transposed(b, {"castT_d_mtp", op_class::cast_transpose, TaskPass::weight}, dy, tokens, hidden);
    cast_transposed(b, {"castT_mtp_joined", op_class::cast_transpose, TaskPass::weight}, b.stored("mtp_joined"), tokens,
                    2 * hidden);
    const std::string dx = b.of(true, b.layer() - 1, "dy");
    rms_norm_backward(b, "rmsnorm_mtp_hidden_bwd",
                      {b.stored("x"), d_joined, dx, b.work().backward.head ? b.of(true, b.layer() - 1, "dy_head") : ""},
                      "norm_mtp_hidden", hidden);
    rms_norm_backward(b, "rmsnorm_mtp_embedding_bwd", {b.stored("mtp_embedded"), d_joined, b.act("d_mtp_embedded"), ""},
                      "norm_mtp_embedding", hidden);
    b.declare_output(dx);
}

void prediction_weight(ChunkBuilder& b) {
    b.begin_region({"mtp(W)", "mtp_w", true, compute_stream}, {"mtp(B)"});
    const auto turned = [&b](const std::string& role) { return Fp8Tensor{b.act(role + ".q"), b.act(role + ".s")}; };
    fp8_weight_gradient(b, "mtp_projection_wgrad", turned("castT_d_mtp"), turned("castT_mtp_joined"),
                        {b.model().hidden, 2 * b.model().hidden, b.tokens(), {}}, b.gradient("mtp_projection"),
                        compute_stream);
    embed_gradient(b, "mtp_embedding_grad", b.act("d_mtp_embedded"));
}

}  // namespace tessera::deepseek_v3
