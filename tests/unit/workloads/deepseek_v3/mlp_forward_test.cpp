#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("mlp(F): routed experts run as grouped GEMMs over the padded rows") {
    const RunConfig run = fixtures::train_run();
    for (int i = 0; i < 4; ++i) {
        const std::int64_t rows = run.workload.router.forward_rows[static_cast<std::size_t>(i)];
        const GemmDesc& up = gemm_of(*task_of(train_graph(), "routed_gate_up", i));
        CHECK(up.form == GemmForm::grouped_m);
        CHECK(up.m == rows);
        CHECK(up.n == 4096);
        CHECK(up.group_sizes.size() == 4);
        CHECK(up.b.rows == 4 * 4096);
        const GemmDesc& down = gemm_of(*task_of(train_graph(), "routed_down", i));
        CHECK(down.m == rows);
        CHECK(down.n == 7168);
        CHECK(down.k == 2048);
    }
}

TEST_CASE("mlp(F): expert weights are turned in every micro-batch, tokens expanded, results reduced") {
    CHECK(fixtures::producer_role("routed_gate_up", 1) == "T_routed_gate_up_weights");
    CHECK(fixtures::producer_role("expand_x_fp8", 0) == "dispatch_x");
    CHECK(fixtures::producer_role("expand_x_fp8", 2) == "fused_mapping");
    CHECK(fixtures::producer_role("combine_y", 0) == "reduce_y_routed");
    CHECK(fixtures::bytes_of("T_routed_down_weights") == 2LL * 4 * 7168 * 2048);
}

TEST_CASE("mlp(F): one block per local expert builds the map") {
    const auto& count = std::get<StreamDesc>(task_of(train_graph(), "count_expert", 1)->kernel);
    CHECK(count.max_ctas == 4);
    CHECK(count.rows == 4LL * 28856 * 8);
}
