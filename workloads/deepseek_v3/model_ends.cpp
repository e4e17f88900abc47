#include "workloads/deepseek_v3/model_ends.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

#include <algorithm>

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr char kEmbedding[] = "embedding", kHead[] = "head";

// The output heads of a chunk: the last layer of the main model, then each prediction module.
std::vector<int> head_layers(const ChunkLayers& c) {
    const int layers = static_cast<int>(c.layers.size());
    const int modules = static_cast<int>(std::count(c.layers.begin(), c.layers.end(), LayerKind::prediction));
    std::vector<int> out;
    for (int l = layers - modules; l <= layers; ++l) { out.push_back(l); }
    return out;
}

Operand matrix(const std::string& tensor, DType dtype, std::int64_t rows, std::int64_t cols) {
    return routing_operand(tensor, dtype, rows, cols);
}

// Logits of `tokens` tokens, in BF16.
void logits(ChunkBuilder& b, std::int64_t tokens) {
    const std::int64_t hidden = b.model().hidden, vocab = b.model().vocab;
    rms_norm(b, {"rmsnorm_head", op_class::norm_forward, TaskPass::forward}, {b.act("x"), b.act("head_x"), "", ""},
             "norm_head", hidden);
    GemmDesc g;
    g.m = tokens;
    g.n = vocab;
    g.k = hidden;
    g.a = matrix(b.act("head_x"), DType::bf16, tokens, hidden);
    g.b = matrix(b.weight(kHead), DType::bf16, vocab, hidden);
    g.d = matrix(b.act("logits"), DType::bf16, tokens, vocab);
    b.add({"head_bf16", "gemm_bf16_head", TaskPass::forward}, g, b.compute_sms());
}

// The loss kernel reads the logits once and writes a value per row.
void one_head_forward(ChunkBuilder& b) {
    const std::int64_t tokens = b.tokens(), vocab = b.model().vocab;
    logits(b, tokens);
    StreamDesc loss =
        sk::named(sk::elementwise(tokens, vocab, 1, DType::bf16, DType::fp32), {b.act("logits")}, {b.act("loss")});
    loss.writes[0].cols = 1;
    b.add({"cross_entropy", "loss", TaskPass::forward}, loss);
    for (const char* kept : {"head_x", "logits", "loss"}) { b.declare_output(b.act(kept)); }
}

void one_head_backward(ChunkBuilder& b, const std::string& dx) {
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, vocab = b.model().vocab;
    b.add({"cross_entropy_grad", "loss", TaskPass::backward},
          sk::named(sk::elementwise(tokens, vocab, 1, DType::bf16, DType::bf16), {b.stored("logits")},
                    {b.act("d_logits")}));
    GemmDesc g;
    g.m = tokens;
    g.n = hidden;
    g.k = vocab;
    g.a = matrix(b.act("d_logits"), DType::bf16, tokens, vocab);
    g.b = matrix(b.weight(kHead), DType::bf16, vocab, hidden);
    g.b_k_major = false;
    g.d = matrix(b.act("d_head_x"), DType::bf16, tokens, hidden);
    b.add({"head_dgrad_bf16", "gemm_bf16_head", TaskPass::backward}, g, b.compute_sms());
    rms_norm_backward(b, "rmsnorm_head_bwd", {b.stored("x"), b.act("d_head_x"), dx, ""}, "norm_head", hidden);
}

void one_head_weight(ChunkBuilder& b) {
    const std::int64_t tokens = b.tokens(), hidden = b.model().hidden, vocab = b.model().vocab;
    GemmDesc g;
    g.m = vocab;
    g.n = hidden;
    g.k = tokens;
    g.a = matrix(b.act("d_logits"), DType::bf16, tokens, vocab);
    g.b = matrix(b.stored("head_x"), DType::bf16, tokens, hidden);
    g.a_k_major = g.b_k_major = false;
    g.accumulate = true;
    g.d = matrix(b.gradient(kHead), DType::fp32, vocab, hidden);
    b.add({"head_wgrad_bf16", "gemm_bf16_head", TaskPass::weight}, g, b.compute_sms());
}

}  // namespace

void embed(ChunkBuilder& b, const std::string& role, const std::string& out) {
    b.add({role, "embedding", TaskPass::forward},
          sk::named(sk::gather_rows(b.tokens(), std::min(b.tokens(), b.model().vocab), b.model().hidden),
                    {b.weight(kEmbedding), b.declare_input("token_ids")}, {out}));
}

void embed_gradient(ChunkBuilder& b, const std::string& role, const std::string& dy) {
    const std::string gradient = b.gradient(kEmbedding);
    StreamDesc add =
        sk::named(sk::elementwise_add(b.tokens(), b.model().hidden, DType::fp32), {dy, gradient}, {gradient});
    add.reads[0].dtype = DType::bf16;
    b.add({role, "embedding", TaskPass::weight}, add);
}

void embedding_forward(ChunkBuilder& b) {
    b.begin_region({"embedding(F)", "embedding", false, compute_stream}, {});
    embed(b, "embedding", b.act("x"));
}

void embedding_weight(ChunkBuilder& b) {
    b.begin_region({"embedding(W)", "embedding", true, compute_stream}, {"attn(B)"});
    const std::string dy = b.of(true, -1, "dy");
    if (b.work().gradients == Gradients::weights) { b.declare_input(dy); }
    embed_gradient(b, "embedding_grad", dy);
}

void head_forward(ChunkBuilder& b) {
    b.begin_region({"head(F)", "head", false, compute_stream}, {"combine(F)"});
    for (const int layer : head_layers(b.work().forward)) {
        b.set_layer(layer);
        one_head_forward(b);
    }
}

void head_inference(ChunkBuilder& b) {
    b.begin_region({"head(F)", "head", false, compute_stream}, {"combine(F)"});
    b.set_layer(static_cast<int>(b.work().forward.layers.size()));
    logits(b, b.sequences());
    b.declare_output(b.act("logits"));
}

void head_backward(ChunkBuilder& b) {
    b.begin_region({"head(B)", "head", true, compute_stream}, {});
    const std::vector<int> heads = head_layers(b.work().backward);
    for (auto it = heads.rbegin(); it != heads.rend(); ++it) {
        b.set_layer(*it);
        const bool last = it == heads.rbegin();
        one_head_backward(b, b.of(true, *it - 1, last ? "dy" : "dy_head"));
    }
}

void head_weight(ChunkBuilder& b) {
    b.begin_region({"head(W)", "head_w", true, compute_stream}, {});
    for (const int layer : head_layers(b.work().backward)) {
        b.set_layer(layer);
        one_head_weight(b);
    }
}

}  // namespace tessera::deepseek_v3
