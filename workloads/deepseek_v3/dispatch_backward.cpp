#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

void dispatch_backward(ChunkBuilder& b) {
    constexpr TaskPass backward = TaskPass::backward;
    b.begin_region({"dispatch(B)", "dispatch", true, communication_stream}, {"mlp(B)"});
    const TaskId barrier = notify(b, "notify", backward, false);
    std::vector<std::string> biases;
    if (b.shared_ffn() > 0) { biases.push_back(b.act("dx_shared")); }
    const std::int64_t topk = b.model().experts_per_token;
    combine(b, {"combine_dX", "comm_combine", backward}, b.act("dx_reduced"), biases, b.act("dx_combined"), barrier,
            {routing_operand(b.act("d_topk_weights_received"), DType::fp32, b.unique_tokens(), topk)},
            {routing_operand(b.act("d_topk_weights"), DType::fp32, b.tokens(), topk)});
}

}  // namespace tessera::deepseek_v3
