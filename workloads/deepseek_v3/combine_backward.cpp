#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

void combine_backward(ChunkBuilder& b) {
    b.begin_region({"combine(B)", "combine", true, communication_stream}, {"attn(B)"});
    const std::string dy = b.act("dy");
    if (b.starts_chunk()) { b.declare_input(dy); }
    const Fp8Tensor q = cast(b, {"cast_dY_for_dispatch", op_class::per_token_cast, TaskPass::backward}, dy, b.tokens(),
                             b.model().hidden);
    const TaskId barrier = notify(b, "notify", TaskPass::backward, false);
    dispatch(b, {"dispatch_dY", "comm_dispatch", TaskPass::backward}, q,
             {b.act("dy_received.q"), b.act("dy_received.s")}, barrier);
}

}  // namespace tessera::deepseek_v3
