// Experts of a decode step. DeepEP's low-latency exchange: a kernel casts each token into a send buffer and posts the
// puts, the NIC works without any SM, and a kernel after it takes in what has arrived; likewise back.
#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/decode.hpp"
#include "workloads/deepseek_v3/decode_operators.hpp"
#include "workloads/deepseek_v3/decode_regions.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;
constexpr std::int64_t kScaleGroup = 128;
constexpr char kCopyClass[] = "comm_copy";

std::int64_t groups_of(std::int64_t cols) { return (cols + kScaleGroup - 1) / kScaleGroup; }

ExchangeDesc in_flight(const ChunkBuilder& b, ExchangeKind kind, Bytes bytes_per_token) {
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = b.tokens();
    e.unique_tokens = b.rows();
    e.bytes_per_token = bytes_per_token;
    e.ranks = b.parallel().expert_ranks;
    e.ranks_per_node = b.parallel().ranks_per_node;
    e.nodes_per_token = routing_expectation(b.model(), b.parallel()).nodes_per_token;
    e.ranks_per_token = b.model().experts_per_token;
    e.low_latency = true;
    return e;
}

// SwiGLU of a gate|up product and the second product; `rows` of each expert or of all tokens.
void down(ChunkBuilder& b, const std::string& name, std::int64_t width, const GemmShape& shape) {
    const Fp8Tensor h{b.act(name + "_h.q"), b.act(name + "_h.s")};
    b.add({"swiglu+cast_" + name, "swiglu_fused_cast", kForward},
          sk::named(sk::swiglu_cast(shape.m, width), {b.act(name + "_gate_up")}, {h.values, h.scales}));
    decode_linear(b, name + "_down", h, b.weight(name + "_down"), shape, b.act(name + "_down"));
}

void ffn_of_all(ChunkBuilder& b, const std::string& name, std::int64_t width) {
    const std::int64_t hidden = b.model().hidden;
    const Fp8Tensor x{b.act("cast_x_for_ffn.q"), b.act("cast_x_for_ffn.s")};
    decode_linear(b, name + "_gate_up", x, b.weight(name + "_gate_up"), {b.tokens(), 2 * width, hidden, {}},
                  b.act(name + "_gate_up"));
    down(b, name, width, {b.tokens(), hidden, width, {}});
}

}  // namespace

void decode_dispatch(ChunkBuilder& b) {
    b.begin_region({"dispatch(F)", "dispatch", false, decode_stream(b)}, {"attn-1(F)"});
    const std::int64_t hidden = b.model().hidden;
    ExchangeDesc e = in_flight(b, ExchangeKind::dispatch, dispatch_bytes_per_token(b.model()));
    e.reads = {routing_operand(b.act("cast_x_for_ffn.q"), DType::fp8_e4m3, b.tokens(), hidden),
               routing_operand(b.act("cast_x_for_ffn.s"), DType::fp32, b.tokens(), groups_of(hidden)),
               routing_operand(b.act("topk_ids"), DType::int64, b.tokens(), b.model().experts_per_token)};
    e.writes = {routing_operand(b.act("received.q"), DType::fp8_e4m3, b.rows(), hidden),
                routing_operand(b.act("received.s"), DType::fp32, b.rows(), groups_of(hidden))};
    b.add({"dispatch_x", "comm_dispatch", kForward}, e);
}

void decode_shared(ChunkBuilder& b) {
    if (b.shared_ffn() == 0) { return; }
    b.begin_region({"shared(F)", "shared", false, compute_stream}, {});
    ffn_of_all(b, "shared", b.shared_ffn());
}

void decode_experts(ChunkBuilder& b) {
    b.begin_region({"mlp(F)", "mlp", false, compute_stream}, {"dispatch(F)"});
    const ModelConfig& m = b.model();
    const std::int64_t rows = b.rows(), width = 2 * m.expert_ffn;
    const Fp8Tensor x{b.act("x_packed.q"), b.act("x_packed.s")};
    b.add({"receive_x", kCopyClass, kForward},
          sk::named(sk::expand(rows, rows, m.hidden),
                    {b.act("received.q"), b.act("received.s"), b.declare_input("arrivals")}, {x.values, x.scales}));
    decode_linear(b, "routed_gate_up", x, b.weight("routed_gate_up"), {rows, width, m.hidden, decode_expert_rows(b)},
                  b.act("routed_gate_up"));
    down(b, "routed", m.expert_ffn, {rows, m.hidden, m.expert_ffn, decode_expert_rows(b)});
    b.add({"send_y", kCopyClass, kForward},
          sk::named(sk::layout_copy(rows, m.hidden, {}, {}), {b.act("routed_down")}, {b.act("y_sent")}));
}

void decode_combine(ChunkBuilder& b) {
    b.begin_region({"combine(F)", "combine", false, decode_stream(b)}, {"mlp(F)"});
    const std::int64_t hidden = b.model().hidden, copies = b.tokens() * b.model().experts_per_token;
    ExchangeDesc e = in_flight(b, ExchangeKind::combine, combine_bytes_per_token(b.model()));
    e.reads = {routing_operand(b.act("y_sent"), DType::bf16, b.rows(), hidden)};
    e.writes = {routing_operand(b.act("y_returned"), DType::bf16, copies, hidden)};
    b.add({"combine_y", "comm_combine", kForward}, e);
}

void decode_collect(ChunkBuilder& b) {
    b.begin_region({"collect(F)", "collect", false, compute_stream}, {"combine(F)"});
    const std::int64_t hidden = b.model().hidden, tokens = b.tokens();
    b.add({"receive_y+weighted_sum", kCopyClass, kForward},
          sk::named(sk::weighted_reduce(tokens * b.model().experts_per_token, tokens, hidden),
                    {b.act("y_returned"), b.act("topk_weights")}, {b.act("y")}));
    std::vector<std::string> terms = {b.act("y"), b.act("residual")};
    if (b.shared_ffn() > 0) { terms.push_back(b.act("shared_down")); }
    const std::string next = b.of(false, b.layer() + 1, "x");
    b.add({"add_shared+residual", op_class::eltwise, kForward},
          sk::named(sk::elementwise(tokens, hidden, static_cast<int>(terms.size()), DType::bf16, DType::bf16), terms,
                    {next}));
    b.declare_output(next);
}

void decode_dense(ChunkBuilder& b) {
    b.begin_region({"mlp(F)", "mlp", false, compute_stream}, {});
    ffn_of_all(b, "dense", b.model().dense_ffn);
    const std::string next = b.of(false, b.layer() + 1, "x");
    b.add({"add_residual", op_class::eltwise, kForward}, sk::named(sk::elementwise_add(b.tokens(), b.model().hidden),
                                                                   {b.act("residual"), b.act("dense_down")}, {next}));
    b.declare_output(next);
}

}  // namespace tessera::deepseek_v3
