#include "sim/ir/stream_kernels.hpp"
#include "workloads/deepseek_v3/dense_ffn.hpp"
#include "workloads/deepseek_v3/operators.hpp"
#include "workloads/deepseek_v3/regions.hpp"

#include <algorithm>

namespace tessera::deepseek_v3 {

namespace sk = stream_kernels;

namespace {

Fp8Tensor made_by(const ChunkBuilder& b, const std::string& role) { return {b.act(role + ".q"), b.act(role + ".s")}; }

// Rows of the experts gathered from the received tokens, re-scaled along the other axis and turned, in one kernel.
Fp8Tensor expand_turned(ChunkBuilder& b, const std::string& role, const Fp8Tensor& received) {
    const Fp8Tensor out = made_by(b, role);
    b.add({role, op_class::cast_transpose, TaskPass::weight},
          sk::named(sk::per_channel_cast_transpose(b.rows(), b.model().hidden, sk::CastSource::fp8_rows_by_map,
                                                   b.unique_tokens()),
                    {received.values, received.scales, b.stored("row_map")}, {out.values, out.scales}));
    return out;
}

// One GEMM per local expert, in turn on the main and on the second compute stream: the second forks where the main
// stream stands and the main stream goes on only when the second is done. Returns the last task of the fork.
TaskId per_expert_gradients(ChunkBuilder& b, const std::string& role, const Fp8Tensor& a, const Fp8Tensor& other,
                            std::int64_t n, TaskId fork) {
    TaskId last = fork;
    const std::vector<std::int64_t> rows = b.expert_rows();
    const std::string gradient = role.substr(0, role.rfind("_wgrad"));
    for (std::size_t e = 0; e < rows.size(); ++e) {
        const StreamId stream = e % 2 == 0 ? compute_stream : second_compute_stream;
        const std::string tensor = b.gradient(gradient + ".e" + std::to_string(e));
        const GemmShape shape{b.model().hidden, n, rows[e], {}};
        const TaskId id = fp8_weight_gradient(b, role, a, other, shape, tensor, stream, {fork});
        if (stream == second_compute_stream) { last = id; }
    }
    return last;
}

}  // namespace

void mlp_weight(ChunkBuilder& b) {
    b.begin_region({"mlp(W)", "mlp_w", true, compute_stream}, {"mlp(B)"});
    const ModelConfig& m = b.model();
    const Ffn shared = shared_ffn(b);
    if (shared.width > 0) { ffn_down_weight_gradient(b, shared); }
    const Fp8Tensor dy = expand_turned(b, "expand+castT_dY_routed", made_by(b, "dy_received"));
    TaskId join = per_expert_gradients(b, "routed_down_wgrad", dy, made_by(b, "castT_swiglu_out_routed"), m.expert_ffn,
                                       b.last_task());
    b.wait_for(join);
    const Fp8Tensor x = expand_turned(b, "expand+castT_x_routed", {b.stored("x_received.q"), b.stored("x_received.s")});
    join = per_expert_gradients(b, "routed_gate_up_wgrad", x, made_by(b, "castT_d_gate_up_routed"), 2 * m.expert_ffn,
                                b.last_task());
    b.wait_for(join);
    if (shared.width > 0) { ffn_gate_up_weight_gradient(b, shared); }
}

}  // namespace tessera::deepseek_v3
