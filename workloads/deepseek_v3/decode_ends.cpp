#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/decode_operators.hpp"
#include "workloads/deepseek_v3/decode_regions.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/model_ends.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;

}  // namespace

void decode_embedding(ChunkBuilder& b) {
    b.begin_region({"embedding(F)", "embedding", false, compute_stream}, {});
    embed(b, "embedding", b.act("x"));
}

void decode_prediction(ChunkBuilder& b) {
    b.begin_region({"mtp(F)", "mtp", false, compute_stream}, {"head(F)"});
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden;
    const std::string joined = b.act("mtp_joined");
    embed(b, "mtp_embedding", b.act("mtp_embedded"));
    const std::pair<const char*, std::string> halves[] = {{"hidden", b.act("x")}, {"embedding", b.act("mtp_embedded")}};
    for (const auto& [name, from] : halves) {
        const std::string role = std::string("rmsnorm_mtp_") + name;
        rms_norm(b, {role, op_class::norm_forward, kForward}, {from, b.act(role), "", ""}, "norm_mtp", hidden);
        b.add({std::string("copy_mtp_") + name, op_class::layout_copy, kForward},
              sk::named(sk::layout_copy(tokens, hidden, {}, storage(DType::bf16, hidden)), {b.act(role)}, {joined}));
    }
    const Fp8Tensor q = decode_cast(b, "cast_mtp_joined", joined, 2 * hidden);
    decode_linear(b, "mtp_projection", q, b.weight("mtp_projection"), {tokens, hidden, 2 * hidden, {}},
                  b.act("x_projected"));
}

void decode_head(ChunkBuilder& b) {
    b.begin_region({"head(F)", "head", false, compute_stream}, {});
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, vocab = b.model().vocab;
    rms_norm(b, {"rmsnorm_head", op_class::norm_forward, kForward}, {b.act("x"), b.act("head_x"), "", ""}, "norm_head",
             hidden);
    GemmDesc g;
    g.m = tokens;
    g.n = vocab;
    g.k = hidden;
    g.a = routing_operand(b.act("head_x"), DType::bf16, tokens, hidden);
    g.b = routing_operand(b.declare_input("head"), DType::bf16, vocab, hidden);
    g.d = routing_operand(b.act("logits"), DType::bf16, tokens, vocab);
    b.add({"head_bf16", "gemm_bf16_head", kForward}, g, b.compute_sms());
    StreamDesc pick = sk::named(sk::elementwise(tokens, vocab, 1, DType::bf16, DType::int64), {b.act("logits")},
                                {b.act("next_token")});
    pick.writes.front().cols = 1;
    b.add({"sample", "sampling", kForward}, pick);
    b.declare_output(b.act("next_token"));
}

}  // namespace tessera::deepseek_v3
