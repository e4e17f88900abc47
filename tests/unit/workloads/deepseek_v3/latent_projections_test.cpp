#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("latent projections: forward and recomputation launch the same kernels") {
    for (const char* role : {"rmsnorm_q_a", "copy_kv_latent_contiguous", "rmsnorm_kv_a", "cast_q_latent",
                             "scaleT_q_latent", "q_b_proj", "cast_kv_latent", "scaleT_kv_latent", "kv_b_proj", "rope_k",
                             "copy_k_nope_into_K", "copy_k_rope_broadcast_into_K", "rope_q"}) {
        INFO(role);
        const Task* forward = task_of(train_graph(), role, 1);
        const Task* again = task_of(train_graph(), std::string(role) + "_recompute", 1);
        REQUIRE(forward != nullptr);
        REQUIRE(again != nullptr);
        CHECK(kernel_hash(forward->kernel) == kernel_hash(again->kernel));
        CHECK(again->pass == TaskPass::recompute);
        CHECK(again->region == "attn(B)");
    }
}

TEST_CASE("latent projections: heads of K are filled from the up-projection and the shared rotary part") {
    const auto& nope = std::get<StreamDesc>(task_of(train_graph(), "copy_k_nope_into_K", 1)->kernel);
    CHECK(nope.reads[0].run.raw() == 256);  // one head's 128 values
    CHECK(nope.reads[0].cols == 128 * 128);
    const auto& shared = std::get<StreamDesc>(task_of(train_graph(), "copy_k_rope_broadcast_into_K", 1)->kernel);
    CHECK(shared.reads[0].size().raw() == 4096 * 64 * 2);
    CHECK(shared.writes[0].size().raw() == 4096LL * 128 * 64 * 2);
    CHECK(nope.writes[0].tensor == shared.writes[0].tensor);
}

TEST_CASE("latent projections: attention reads V inside the up-projection's output") {
    const Task* t = task_of(train_graph(), "flash_attn_fwd", 1);
    const Operand& v = *reads(t->kernel)[2];
    CHECK(v.tensor == gemm_of(*task_of(train_graph(), "kv_b_proj", 1)).d.tensor);
    CHECK(v.access == Access::strided);
    CHECK(v.run.raw() == 256);
}
