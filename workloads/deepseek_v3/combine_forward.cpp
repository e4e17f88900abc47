#include "workloads/deepseek_v3/exchanges.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

void combine_forward(ChunkBuilder& b) {
    constexpr TaskPass forward = TaskPass::forward;
    b.begin_region({"combine(F)", "combine", false, communication_stream}, {"mlp(F)"});
    const TaskId barrier = notify(b, "notify", forward, false);
    // The two bias inputs of the combine kernel: shared expert's output and residual stream.
    std::vector<std::string> biases = {b.act("residual")};
    if (b.shared_ffn() > 0) { biases.push_back(b.act("shared_down")); }
    const std::string next = b.of(false, b.layer() + 1, "x");
    combine(b, {"combine_y", "comm_combine", forward}, b.act("y_reduced"), biases, next, barrier);
    b.declare_output(next);
}

}  // namespace tessera::deepseek_v3
