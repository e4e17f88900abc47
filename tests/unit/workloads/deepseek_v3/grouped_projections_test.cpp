#include "workloads/deepseek_v3/grouped_projections.hpp"

#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

RunConfig run_of(const char* name) { return load_run_config(find_config("runs", name)); }

TaskGraph graph_of(RunConfig run, int layers = 2) {
    run.workload.router = RouterConfig{};
    run.workload.layers = layers;
    return build_train_chunk(run.workload, run.system);
}

double gemm_flops(const TaskGraph& g) {
    double sum = 0;
    for (const Task& t : g.tasks) {
        if (std::holds_alternative<GemmDesc>(t.kernel)) { sum += flops(t.kernel).raw(); }
    }
    return sum;
}

}  // namespace

TEST_CASE("grouped attention of a dense model: operations of a chunk pair follow from its parameters") {
    const RunConfig run = run_of("llama3_70b_train_step");
    const ModelConfig& m = run.workload.model;
    const TaskGraph g = graph_of(run, 1);
    const double h = 8192, tokens = 4096;
    CHECK(grouped_width(m) == 64 * 128 + 8 * 2 * 128);
    const double weights = h * static_cast<double>(grouped_width(m)) + h * h + 3 * h * 28672;
    CHECK(gemm_flops(g) == Approx(6 * tokens * weights));  // forward, input and weight gradients; nothing again
    const Task* fwd = fixtures::task_of(g, "flash_attn_fwd", 0);
    const Task* bwd = fixtures::task_of(g, "flash_attn_bwd", 0);
    REQUIRE(fwd != nullptr);
    CHECK(flops(fwd->kernel).raw() == Approx(2 * 4096.0 * 4096 * 64 * 128));  // causal: half of 4 S^2 d
    CHECK(flops(bwd->kernel).raw() == Approx(2.5 * flops(fwd->kernel).raw()));
    CHECK(std::get<AttentionDesc>(bwd->kernel).kv_heads == 8);
    CHECK(fixtures::count_class(g, "comm_dispatch") == 0);
    CHECK(fixtures::task_of(g, "qkv_proj", 0)->sms == 132);  // nothing holds SMs for communication
    CHECK(fixtures::count_role(g, "rmsnorm_q_heads") == 0);
    CHECK(fixtures::count_role(g, "flash_bwd_postprocess_dK") == 1);
}

TEST_CASE("norms over heads run forward, again, and backward") {
    const TaskGraph g = graph_of(run_of("qwen3_235b_train_step"));
    for (const char* role : {"rmsnorm_q_heads", "rmsnorm_q_heads_recompute", "rmsnorm_q_heads_bwd", "rmsnorm_k_heads",
                             "rmsnorm_k_heads_recompute", "rmsnorm_k_heads_bwd"}) {
        CAPTURE(role);
        CHECK(fixtures::count_role(g, role) == 2);
    }
    const Task* norm = fixtures::task_of(g, "rmsnorm_k_heads", 1);
    CHECK(std::get<StreamDesc>(norm->kernel).rows == 4096 * 4);
    CHECK(fixtures::count_role(g, "router_topk_group_sum_and_idx") == 0);  // one group: nothing to limit
    CHECK(fixtures::count_class(g, "comm_dispatch") == 4);
    CHECK(fixtures::count_role(g, "shared_gate_up") == 0);
}

TEST_CASE("latent attention without a query latent projects queries straight from the residual stream") {
    const RunConfig run = run_of("deepseek_v2_lite_train_step");
    const TaskGraph g = graph_of(run);
    CHECK(fixtures::count_role(g, "q_a_proj") == 0);
    CHECK(fixtures::count_role(g, "q_b_proj") == 0);
    const Task* q = fixtures::task_of(g, "q_proj", 0);
    REQUIRE(q != nullptr);
    CHECK(fixtures::gemm_of(*q).n == 16 * 192);
    CHECK(fixtures::gemm_of(*q).k == 2048);
    CHECK(fixtures::count_role(g, "q_wgrad") == 2);
    CHECK(fixtures::count_role(g, "kv_b_proj_recompute") == 2);
    CHECK(fixtures::count_role(g, "rope_q_recompute") == 0);  // queries are kept rotated
}
