#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("router: launches of the framework's kernels") {
    int forward = 0, backward = 0;
    for (const Task& t : train_graph().tasks) {
        if (t.iteration != 1 || t.op_class != "router_small" || t.region.rfind("attn", 0) != 0) { continue; }
        ++(t.pass == TaskPass::forward ? forward : backward);
    }
    CHECK(forward == 37);
    CHECK(backward == 26);
}

TEST_CASE("router: sizes follow the model") {
    RunConfig run = fixtures::train_run();
    WorkloadConfig w = fixtures::balanced(run.workload);
    w.model.experts_per_token = 4;
    const TaskGraph g = build_train_chunk(w, run.system);
    const auto cols = [&](const char* role) { return std::get<StreamDesc>(task_of(g, role, 0)->kernel).cols; };
    CHECK(cols("sigmoid") == 256);
    CHECK(cols("router_gather_topk_weights") == 4);
    CHECK(cols("router_scatter_group_mask") == 4);
    CHECK(cols("router_fill_group_mask") == 4096 * 8);
    CHECK(cols("router_topk_experts") == 256);
}

TEST_CASE("router: the top-k passes select experts and weights for the dispatch") {
    CHECK(fixtures::producer_role("dispatch_x", 3) == "router_topk_experts");
    CHECK(fixtures::producer_role("dispatch_x", 4) == "router_div_topk_norm");
    CHECK(fixtures::producer_role("gate_dgrad_bf16", 0) == "router_bwd_cast_dlogits_bf16");
}

TEST_CASE("router: a total is one block of 512 threads") {
    const auto& k = std::get<StreamDesc>(task_of(train_graph(), "router_sum_long", 0)->kernel);
    CHECK(k.rows == 1);
    CHECK(k.cols == 4096 * 8);
    CHECK(k.threads == 512);
    CHECK(k.load_bytes_in_flight.raw() == 32);
}
