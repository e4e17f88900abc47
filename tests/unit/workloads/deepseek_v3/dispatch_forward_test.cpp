#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("dispatch(F): layout, counts, then the tokens") {
    CHECK(fixtures::roles_of(train_graph(), "dispatch(F)", 0) ==
          std::vector<std::string>{"dispatch_layout", "notify_dispatch", "dispatch_x"});
    CHECK(fixtures::producer_role("dispatch_layout", 0) == "router_topk_experts");
    CHECK(fixtures::producer_role("dispatch_x", 0) == "cast_x_for_moe_dispatch+shared");
}

TEST_CASE("dispatch(F): the layout kernel has a block per 32 experts and per 8 ranks") {
    RunConfig run = fixtures::train_run();
    const auto blocks = [&] {
        const TaskGraph g = build_train_chunk(fixtures::balanced(run.workload), run.system);
        return std::get<StreamDesc>(task_of(g, "dispatch_layout", 0)->kernel).max_ctas;
    };
    CHECK(blocks() == 256 / 32 + 64 / 8);
    run.workload.parallel.expert_ranks = 32;
    CHECK(blocks() == 256 / 32 + 32 / 8);
}
