#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("attn(F): projections have the shapes of the architecture") {
    const GemmDesc& q_a = gemm_of(*task_of(train_graph(), "q_a_proj", 0));
    CHECK(q_a.m == 4096);
    CHECK(q_a.n == 1536);
    CHECK(q_a.k == 7168);
    CHECK(q_a.scale == ScaleMode::block_1x128_128x128);
    CHECK(q_a.promotion_interval == 128);
    CHECK(gemm_of(*task_of(train_graph(), "kv_a_proj", 0)).n == 512 + 64);
    CHECK(gemm_of(*task_of(train_graph(), "o_proj", 0)).k == 128 * 128);
    const GemmDesc& gate = gemm_of(*task_of(train_graph(), "gate_gemm_bf16", 0));
    CHECK(gate.n == 256);
    CHECK(gate.a.dtype == DType::bf16);
    CHECK(gate.d.dtype == DType::fp32);
    CHECK(gate.scale == ScaleMode::none);
}

TEST_CASE("attn(F): operators feed each other") {
    CHECK(fixtures::producer_role("q_a_proj", 0) == "cast_x_for_q_a");
    CHECK(fixtures::producer_role("q_a_proj", 2) == "scaleT_x_for_q_a");
    CHECK(fixtures::producer_role("rmsnorm_attn", 0) == "combine_y");
    CHECK(fixtures::producer_role("cast_attn_out_for_o_proj", 0) == "flash_attn_fwd");
    CHECK(fixtures::producer_role("rmsnorm_ffn+residual_add", 0) == "scale_o_proj_out");
    CHECK(fixtures::producer_role("gate_gemm_bf16", 0) == "rmsnorm_ffn+residual_add");
}

TEST_CASE("attn(F): attention is causal over whole sequences") {
    const auto& a = std::get<AttentionDesc>(task_of(train_graph(), "flash_attn_fwd", 2)->kernel);
    CHECK(a.causal);
    CHECK(a.heads == 128);
    CHECK(a.d_qk == 192);
    CHECK(a.d_v == 128);
    CHECK(a.batch * a.q_len == 4096);
}
