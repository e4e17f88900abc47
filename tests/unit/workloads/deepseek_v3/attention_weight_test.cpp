#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("attn(W): weight gradients accumulate in FP32 over the tokens") {
    struct Expected {
        const char* role;
        std::int64_t m, n;
    };
    for (const Expected& e :
         {Expected{"o_proj_wgrad", 7168, 16384}, Expected{"kv_b_wgrad", 32768, 512}, Expected{"q_b_wgrad", 24576, 1536},
          Expected{"kv_a_wgrad", 576, 7168}, Expected{"q_a_wgrad", 1536, 7168}}) {
        const GemmDesc& g = gemm_of(*task_of(train_graph(), e.role, 1));
        INFO(e.role);
        CHECK(g.m == e.m);
        CHECK(g.n == e.n);
        CHECK(g.k == 4096);
        CHECK(g.scale == ScaleMode::block_1x128_1x128);
        CHECK(g.accumulate);
        CHECK(g.d.dtype == DType::fp32);
    }
    CHECK(fixtures::roles_of(train_graph(), "attn(W)", 0).size() == 5);
}

TEST_CASE("attn(W): operands come from the cast-and-transpose kernels") {
    CHECK(fixtures::producer_role("o_proj_wgrad", 0) == "castT_d_o_proj");
    CHECK(fixtures::producer_role("o_proj_wgrad", 1) == "castT_attn_out");
    CHECK(fixtures::producer_role("kv_a_wgrad", 1) == "castT_x_for_kv_a");
}

TEST_CASE("attn(W): without the second cast of x both down-projections share one turned copy") {
    RunConfig run = fixtures::train_run();
    run.workload.recipe.cast_kv_input_twice = false;
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    CHECK(gemm_of(*task_of(g, "kv_a_wgrad", 0)).b.tensor == gemm_of(*task_of(g, "q_a_wgrad", 0)).b.tensor);
}
