#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/dense_ffn.hpp"
#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

constexpr TaskPass kForward = TaskPass::forward;

// One thread block per local expert walks the ids of every received token, a load per thread and step: counting,
// then building the row map (with a block-wide prefix sum per step).
StreamDesc mapping_kernel(const ChunkBuilder& b, int sync_steps) {
    constexpr int kThreads = 512;
    const std::int64_t ids = b.unique_tokens() * b.model().experts_per_token;
    StreamDesc d;
    d.kind = StreamKind::map;
    d.rows = b.local_experts() * ids;
    d.cols = 1;
    Operand in =
        routing_operand(b.act("topk_ids_received"), DType::int64, b.unique_tokens(), b.model().experts_per_token);
    in.access = Access::broadcast;
    d.reads = {in};
    d.tile_rows = kThreads;
    d.max_ctas = static_cast<int>(b.local_experts());
    d.threads = kThreads;
    d.registers = 32;
    d.smem = bytes(2048);
    d.load_bytes_in_flight = bytes(8);
    d.alu_per_element = 6.0;
    d.sync_steps = sync_steps;
    return d;
}

void map_rows(ChunkBuilder& b) {
    const Op op{"count_expert", "moe_mapping", kForward};
    StreamDesc count = mapping_kernel(b, 1);
    count.writes = {routing_operand(b.act("expert_counts"), DType::int32, 1, b.local_experts())};
    b.add(op, count);
    StreamDesc map = mapping_kernel(b, 4);  // warp sums, their prefix sum, write-back, next step
    map.reads.push_back(routing_operand(b.act("expert_counts"), DType::int32, 1, b.local_experts()));
    map.writes = {routing_operand(b.act("row_map"), DType::int32, b.rows(), 1)};
    b.add({"fused_mapping", "moe_mapping", kForward}, map);
}

void routed_gate_up(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t rows = b.rows(), width = 2 * m.expert_ffn;
    Fp8Tensor x{b.act("x_expanded.q"), b.act("x_expanded.s")};
    b.add({"expand_x_fp8", "expand", kForward},
          sk::named(sk::expand(rows, b.unique_tokens(), m.hidden),
                    {b.act("x_received.q"), b.act("x_received.s"), b.act("row_map")}, {x.values, x.scales}));
    const std::string w = transposed_weight(b, {"T_routed_gate_up_weights", op_class::weight_transpose, kForward},
                                            "routed_gate_up", m.hidden, width, b.local_experts());
    x.scales = copy_scales(b, {"scale_copy_x_routed", op_class::scale_transpose, kForward}, x.scales, rows, m.hidden);
    fp8_linear(b, {"routed_gate_up", op_class::gemm_forward, kForward}, x, w, {rows, width, m.hidden, b.expert_rows()},
               b.act("routed_gate_up"));
}

void routed_down(ChunkBuilder& b) {
    const ModelConfig& m = b.model();
    const std::int64_t rows = b.rows();
    b.add({"mul_topk_weight", op_class::router, kForward},
          sk::named(sk::elementwise(b.unique_tokens(), m.experts_per_token, 1, DType::fp32, DType::fp32),
                    {b.act("topk_weights_received")}, {b.act("row_weights")}));
    Fp8Tensor h{b.act("routed_h.q"), b.act("routed_h.s")};
    b.add({"swiglu+weight+cast_routed", "swiglu_fused_cast", kForward},
          sk::named(sk::swiglu_cast(rows, m.expert_ffn, true), {b.act("routed_gate_up"), b.act("row_weights")},
                    {h.values, h.scales}));
    const std::string w = transposed_weight(b, {"T_routed_down_weights", op_class::weight_transpose, kForward},
                                            "routed_down", m.hidden, m.expert_ffn, b.local_experts());
    h.scales = copy_scales(b, {"scale_copy_swiglu_out_routed", op_class::scale_transpose, kForward}, h.scales, rows,
                           m.expert_ffn);
    fp8_linear(b, {"routed_down", op_class::gemm_forward, kForward}, h, w,
               {rows, m.hidden, m.expert_ffn, b.expert_rows()}, b.act("routed_down"));
    b.add({"reduce_y_routed", "reduce", kForward},
          sk::named(sk::weighted_reduce(rows, b.unique_tokens(), m.hidden), {b.act("routed_down"), b.act("row_map")},
                    {b.act("y_reduced")}));
}

}  // namespace

void mlp_forward(ChunkBuilder& b) {
    b.begin_region({"mlp(F)", "mlp", false, compute_stream}, {"dispatch(F)"});
    const Ffn shared = shared_ffn(b);
    if (shared.width > 0) { ffn_gate_up(b, shared); }
    map_rows(b);
    routed_gate_up(b);
    routed_down(b);
    if (shared.width > 0) { ffn_down(b, shared); }
    store_swiglu_input(b, "cast_swiglu_in_routed", b.act("routed_gate_up"), b.rows(), 2 * b.model().expert_ffn);
    if (shared.width > 0) {
        store_swiglu_input(b, "cast_swiglu_in_shared", b.act("shared_gate_up"), b.tokens(), 2 * shared.width);
    }
}

}  // namespace tessera::deepseek_v3
