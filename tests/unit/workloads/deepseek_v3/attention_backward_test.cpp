#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("attn(B): input gradients mirror the forward projections") {
    struct Expected {
        const char* role;
        std::int64_t n, k;
    };
    for (const Expected& e : {Expected{"o_proj_dgrad", 128 * 128, 7168}, Expected{"q_b_dgrad", 1536, 128 * 192},
                              Expected{"kv_b_dgrad", 512, 128 * 256}, Expected{"q_a_dgrad", 7168, 1536},
                              Expected{"kv_a_dgrad", 7168, 576}}) {
        const GemmDesc& g = gemm_of(*task_of(train_graph(), e.role, 1));
        INFO(e.role);
        CHECK(g.m == 4096);
        CHECK(g.n == e.n);
        CHECK(g.k == e.k);
    }
}

TEST_CASE("attn(B): the gate's gradients read their operands along the rows, in BF16") {
    const GemmDesc& dx = gemm_of(*task_of(train_graph(), "gate_dgrad_bf16", 1));
    CHECK(dx.a_k_major);
    CHECK_FALSE(dx.b_k_major);
    const GemmDesc& dw = gemm_of(*task_of(train_graph(), "gate_wgrad_bf16", 1));
    CHECK_FALSE(dw.a_k_major);
    CHECK(dw.accumulate);
    CHECK(dw.k == 4096);
}

TEST_CASE("attn(B): weights are padded to whole tiles before they are turned") {
    const auto& t = std::get<StreamDesc>(task_of(train_graph(), "T_kv_a_weight", 1)->kernel);
    CHECK(t.rows == 640);  // 576 rows in tiles of 128
    CHECK(t.cols == 7168);
}

TEST_CASE("attn(B): the gradient reaches the next layer through both norms") {
    CHECK(fixtures::producer_role("add_dX_gate", 0) == "combine_dX");
    CHECK(fixtures::producer_role("rmsnorm_attn_bwd", 1) == "add_dX_q_a_kv_a");
    CHECK(fixtures::producer_role("rmsnorm_attn_bwd", 2) == "rmsnorm_ffn_bwd");
    CHECK(fixtures::producer_role("cast_dY_for_dispatch", 0) == "rmsnorm_attn_bwd");
}

TEST_CASE("attn(B): attention's accumulator is cleared, summed and converted") {
    CHECK(fixtures::producer_role("flash_attn_bwd", 4) == "flash_bwd_preprocess");
    CHECK(fixtures::producer_role("flash_bwd_postprocess_dQ", 0) == "flash_attn_bwd");
    CHECK(fixtures::bytes_of("flash_bwd_postprocess_dQ") == std::int64_t{4096} * 128 * 192 * (4 + 2));
}
