#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace {

// DeepEP's layout kernel: a block per 32 experts and per 8 ranks walks the ids of all tokens and counts.
StreamDesc layout_kernel(const ChunkBuilder& b) {
    constexpr int kExpertsPerBlock = 32, kRanksPerBlock = 8, kThreads = 256;
    const std::int64_t topk = b.model().experts_per_token;
    const int blocks = (b.model().routed_experts + kExpertsPerBlock - 1) / kExpertsPerBlock +
                       (b.parallel().expert_ranks + kRanksPerBlock - 1) / kRanksPerBlock;
    StreamDesc d;
    d.kind = StreamKind::map;
    d.rows = blocks * b.tokens() * topk;
    d.cols = 1;
    Operand ids = routing_operand(b.act("topk_ids"), DType::int64, b.tokens(), topk);
    ids.access = Access::broadcast;
    d.reads = {ids};
    d.writes = {routing_operand(b.act("in_rank"), DType::u8, b.tokens(), b.parallel().expert_ranks),
                routing_operand(b.act("tokens_per_expert"), DType::int32, 1, b.model().routed_experts)};
    d.tile_rows = kThreads;  // a thread takes a token and reads its ids one after the other
    d.max_ctas = blocks;
    d.threads = kThreads;
    d.registers = 32;
    d.smem = bytes(std::int64_t{kThreads} * (kExpertsPerBlock + kRanksPerBlock + 1) * 4);
    d.load_bytes_in_flight = bytes(8);
    d.alu_per_element = 6.0;  // range test, two increments in shared memory
    d.smem_bytes_per_element = 8.0;
    d.sync_steps = 1;
    return d;
}

}  // namespace

void dispatch_forward(ChunkBuilder& b) {
    constexpr TaskPass forward = TaskPass::forward;
    b.begin_region({"dispatch(F)", "dispatch", false, communication_stream}, {"attn(F)"});
    const std::int64_t topk = b.model().experts_per_token, tokens = b.tokens(), unique = b.unique_tokens();
    const StreamDesc layout = layout_kernel(b);
    b.add({"dispatch_layout", "comm_layout", forward}, layout, layout.max_ctas);
    const TaskId barrier = notify(b, "notify_dispatch", forward, true);
    const std::string x = b.act("cast_x_for_moe_dispatch+shared");
    dispatch(b, {"dispatch_x", "comm_dispatch", forward}, {x + ".q", x + ".s"},
             {b.act("x_received.q"), b.act("x_received.s")}, barrier,
             {routing_operand(b.act("in_rank"), DType::u8, tokens, b.parallel().expert_ranks),
              routing_operand(b.act("topk_ids"), DType::int64, tokens, topk),
              routing_operand(b.act("topk_weights"), DType::fp32, tokens, topk)},
             {routing_operand(b.act("topk_ids_received"), DType::int64, unique, topk),
              routing_operand(b.act("topk_weights_received"), DType::fp32, unique, topk)});
}

}  // namespace tessera::deepseek_v3
