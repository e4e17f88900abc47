#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("mlp(B): gradients of the routed experts") {
    const std::int64_t rows = fixtures::train_run().workload.router.backward_rows[1];
    const GemmDesc& down = gemm_of(*task_of(train_graph(), "routed_down_dgrad", 1));
    CHECK(down.m == rows);
    CHECK(down.n == 2048);
    CHECK(down.k == 7168);
    CHECK(gemm_of(*task_of(train_graph(), "routed_gate_up_dgrad", 1)).k == 4096);
    CHECK(fixtures::producer_role("routed_down_dgrad", 0) == "expand_dY_fp8");
    CHECK(fixtures::producer_role("routed_down_dgrad", 1).empty());  // stored in this orientation
    CHECK(fixtures::producer_role("shared_down_dgrad", 1) == "T_shared_down_weight");
}

TEST_CASE("mlp(B): SwiGLU's input comes back from its FP8 store and its output is made again") {
    CHECK(fixtures::producer_role("swiglu_bwd_shared", 0) == "castback_shared_swiglu_in");
    CHECK(fixtures::producer_role("swiglu_fwd_recompute+bwd_routed", 0) == "castback_routed_swiglu_in");
    CHECK(writes(task_of(train_graph(), "swiglu_fwd_recompute+bwd_routed", 1)->kernel).size() == 3);
    CHECK(fixtures::producer_role("castT_swiglu_out_routed", 0) == "swiglu_fwd_recompute+bwd_routed");
}

TEST_CASE("mlp(B): persistent element-wise kernels fill the compute partition") {
    CHECK(std::get<StreamDesc>(task_of(train_graph(), "castback_x_shared", 1)->kernel).max_ctas == 112);
    CHECK(task_of(train_graph(), "swiglu_bwd_shared", 1)->sms == 112);
}
