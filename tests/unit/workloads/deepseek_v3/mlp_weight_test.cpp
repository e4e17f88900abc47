#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("mlp(W): the experts' weight gradients share the expanded rows among them") {
    const std::int64_t rows = fixtures::train_run().workload.router.backward_rows[2];
    std::int64_t sum = 0;
    for (const Task& t : train_graph().tasks) {
        if (t.role != "routed_gate_up_wgrad" || t.iteration != 2) { continue; }
        const GemmDesc& g = gemm_of(t);
        CHECK(g.m == 7168);
        CHECK(g.n == 4096);
        CHECK(g.k % 128 == 0);
        CHECK(t.pass == TaskPass::weight);
        sum += g.k;
    }
    CHECK(sum == rows);
}

TEST_CASE("mlp(W): received rows are expanded, re-scaled and turned in one kernel") {
    const auto& k = std::get<StreamDesc>(task_of(train_graph(), "expand+castT_dY_routed", 1)->kernel);
    CHECK(k.reads[0].rows == 30048);
    CHECK(k.reads[0].access == Access::gathered);
    CHECK(k.writes[0].cols == 32512);
    CHECK(fixtures::producer_role("expand+castT_dY_routed", 0) == "dispatch_dY");
}

TEST_CASE("mlp(W): each expert accumulates into a gradient of its own") {
    std::set<std::string> gradients;
    for (const Task& t : train_graph().tasks) {
        if (t.role == "routed_down_wgrad") { gradients.insert(gemm_of(t).d.tensor); }
    }
    CHECK(gradients.size() == 16);  // 4 experts, 4 layers
}
