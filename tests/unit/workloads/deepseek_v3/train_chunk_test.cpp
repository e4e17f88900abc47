#include "workloads/deepseek_v3/train_chunk.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;
using namespace tessera::deepseek_v3;
using Catch::Matchers::Contains;

namespace {

double gemm_flops(const TaskGraph& g) {
    double sum = 0;
    for (const Task& t : g.tasks) {
        if (t.op_class.rfind("gemm_", 0) == 0) { sum += flops(t.kernel).raw(); }
    }
    return sum;
}

}  // namespace

TEST_CASE("training chunk: FLOPs follow from the architecture's parameters") {
    RunConfig run = fixtures::train_run();
    run.workload = fixtures::balanced(run.workload);
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    const ModelConfig& m = run.workload.model;
    const double h = static_cast<double>(m.hidden), heads = m.heads;
    const double q_b = static_cast<double>(m.q_rank) * heads * static_cast<double>(m.d_qk());
    const double kv_b = static_cast<double>(m.kv_rank) * heads * static_cast<double>(m.d_nope + m.d_v);
    const double mla =
        h * static_cast<double>(m.q_rank + m.kv_rank + m.d_rope) + q_b + kv_b + heads * static_cast<double>(m.d_v) * h;
    const double expert = 3 * h * static_cast<double>(m.expert_ffn);
    const double active = mla + expert * (m.experts_per_token + m.shared_experts) + h * m.routed_experts;
    // Forward, input gradient and weight gradient of every linear, and the recomputed up-projections.
    const double expected = 4 * 2.0 * 4096 * (3 * active + q_b + kv_b);
    CHECK(gemm_flops(g) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("training chunk: iterations pair forward layer i with backward layer layers-1-i") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    for (int i = 0; i < 4; ++i) {
        REQUIRE(fixtures::task_of(g, "q_a_proj", i) != nullptr);
        CHECK(fixtures::task_of(g, "q_a_proj", i)->layer == i);
        CHECK(fixtures::task_of(g, "o_proj_dgrad", i)->layer == 3 - i);
        CHECK(fixtures::gemm_of(*fixtures::task_of(g, "routed_gate_up", i)).m ==
              run.workload.router.forward_rows[static_cast<std::size_t>(i)]);
        CHECK(fixtures::gemm_of(*fixtures::task_of(g, "routed_down_dgrad", i)).m ==
              run.workload.router.backward_rows[static_cast<std::size_t>(i)]);
    }
    CHECK(g.find("F2.attn.q_b_proj") != nullptr);
    CHECK(g.find("B3.mlp.shared_down_dgrad")->iteration == 0);
}

TEST_CASE("training chunk: regions wait for each other across streams as DualPipe orders them") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    const auto waits = [&](std::string_view task, int i, std::string_view on, int j) {
        const Task* t = fixtures::task_of(g, task, i);
        const Task* o = fixtures::task_of(g, on, j);
        REQUIRE(t != nullptr);
        REQUIRE(o != nullptr);
        return std::find(t->deps.begin(), t->deps.end(), o->id) != t->deps.end();
    };
    CHECK(waits("dispatch_layout", 1, "cast_x_for_moe_dispatch+shared", 1));
    CHECK(waits("scaleT_x_shared", 1, "dispatch_x", 1));
    CHECK(waits("castback_shared_swiglu_in", 1, "dispatch_dY", 1));
    CHECK(waits("rmsnorm_attn", 1, "combine_y", 0));
    CHECK(waits("cast_dY_for_dispatch", 1, "rmsnorm_attn_bwd", 0));
    CHECK(fixtures::task_of(g, "rmsnorm_attn", 0)->deps.empty());
    CHECK(fixtures::task_of(g, "cast_dY_for_dispatch", 0)->deps.empty());
}

TEST_CASE("training chunk: routed weight gradients fork onto the second compute stream and join") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    std::vector<const Task*> fork;
    for (const Task& t : g.tasks) {
        if (t.role == "routed_down_wgrad" && t.iteration == 0) { fork.push_back(&t); }
    }
    REQUIRE(fork.size() == 4);
    CHECK(fork[0]->stream == compute_stream);
    CHECK(fork[1]->stream == second_compute_stream);
    CHECK(fork[3]->stream == second_compute_stream);
    const TaskId start = fixtures::task_of(g, "expand+castT_dY_routed", 0)->id;
    CHECK(std::count(fork[1]->deps.begin(), fork[1]->deps.end(), start) == 1);
    const Task* after = fixtures::task_of(g, "expand+castT_x_routed", 0);
    CHECK(std::count(after->deps.begin(), after->deps.end(), fork[3]->id) == 1);
}

TEST_CASE("training chunk: GEMMs are persistent on the compute partition, one-shot grids take any SM") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    CHECK(fixtures::task_of(g, "o_proj", 0)->sms == 112);
    CHECK(fixtures::task_of(g, "castback_x_shared", 0)->sms == 112);
    CHECK(fixtures::task_of(g, "cast_dQ", 0)->sms == 0);
    CHECK(fixtures::task_of(g, "dispatch_x", 0)->sms == 20);
    CHECK(fixtures::task_of(g, "notify_dispatch", 0)->sms == 9);
    CHECK(fixtures::task_of(g, "dispatch_layout", 0)->sms == 16);
    for (const Stream& s : g.streams) { CHECK(s.max_sms == 0); }
}

TEST_CASE("training chunk: bytes that travel per token") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph g = build_train_chunk(run.workload, run.system);
    CHECK(std::get<ExchangeDesc>(fixtures::task_of(g, "dispatch_x", 0)->kernel).bytes_per_token.raw() == 7392);
    CHECK(std::get<ExchangeDesc>(fixtures::task_of(g, "combine_y", 0)->kernel).bytes_per_token.raw() == 14336);
}

TEST_CASE("training chunk: the recipe switches kernels on and off") {
    RunConfig run = fixtures::train_run();
    RecipeConfig& recipe = run.workload.recipe;
    const auto count = [&](std::string_view role) {
        return fixtures::count_role(build_train_chunk(run.workload, run.system), role);
    };
    CHECK(count("cast_x_for_kv_a") == 4);
    recipe.cast_kv_input_twice = false;
    CHECK(count("cast_x_for_kv_a") == 0);
    CHECK(count("castT_x_for_kv_a") == 0);
    recipe.cache_transposed_weights = true;
    CHECK(fixtures::count_class(build_train_chunk(run.workload, run.system), "weight_transpose") == 0);
    recipe.recompute_up_projections = false;
    CHECK(count("q_b_proj_recompute") == 0);
    CHECK(count("rope_q_recompute") == 0);
    recipe.recompute_norms = false;
    CHECK(fixtures::count_class(build_train_chunk(run.workload, run.system), "norm_recompute") == 0);
    recipe.store_attention_output_e5m6 = false;
    CHECK(fixtures::count_class(build_train_chunk(run.workload, run.system), "quant_E5M6") == 0);
    recipe.store_swiglu_input_fp8 = false;
    CHECK(fixtures::count_class(build_train_chunk(run.workload, run.system), "quant_cast_for_store") == 0);
    recipe.recompute_swiglu = false;
    CHECK(count("swiglu_recompute+castT_shared") == 0);
}

TEST_CASE("training chunk: another model gives another graph by the same rules") {
    RunConfig run = fixtures::train_run();
    WorkloadConfig w = fixtures::balanced(run.workload);
    w.layers = 2;
    w.tokens = 2048;
    w.sequence = 1024;
    w.model.hidden = 5120;
    w.model.heads = 32;
    w.model.routed_experts = 64;
    w.model.experts_per_token = 6;
    w.model.shared_experts = 2;
    w.parallel.expert_ranks = 16;
    w.model.expert_groups = 1;
    w.model.groups_per_token = 1;
    const TaskGraph g = build_train_chunk(w, run.system);
    CHECK(fixtures::gemm_of(*fixtures::task_of(g, "q_b_proj", 0)).n == 32 * 192);
    CHECK(fixtures::gemm_of(*fixtures::task_of(g, "shared_gate_up", 1)).n == 2 * 2 * 2048);
    CHECK(fixtures::gemm_of(*fixtures::task_of(g, "routed_down", 1)).group_sizes.size() == 4);
    CHECK(std::get<AttentionDesc>(fixtures::task_of(g, "flash_attn_fwd", 0)->kernel).batch == 2);
    w.model.shared_experts = 0;
    const TaskGraph none = build_train_chunk(w, run.system);
    for (const Task& t : none.tasks) { CHECK(t.role.find("shared_") == std::string::npos); }
}

TEST_CASE("training chunk: a rank too small for all its experts is named") {
    RunConfig run = fixtures::train_run();
    run.workload.router.backward_rows = {512, 512, 384, 512};
    run.workload.router.backward_unique = {200, 200, 200, 200};
    CHECK_THROWS_WITH(build_train_chunk(run.workload, run.system), Contains("384 rows") && Contains("needs 512"));
}

TEST_CASE("training chunk: all ranks launch the same kernels, with their own row counts") {
    const RunConfig run = fixtures::train_run();
    const std::vector<RankLoad> loads = rank_loads(run.workload, 3);
    const TaskGraph a = build_train_chunk(run.workload, run.system, loads[0]);
    const TaskGraph b = build_train_chunk(run.workload, run.system, loads[2]);
    REQUIRE(a.tasks.size() == b.tasks.size());
    for (std::size_t i = 0; i < a.tasks.size(); ++i) {
        CHECK(a.tasks[i].name == b.tasks[i].name);
        CHECK(a.tasks[i].deps == b.tasks[i].deps);
    }
    CHECK(fixtures::gemm_of(*fixtures::task_of(b, "routed_gate_up", 0)).m == loads[2].forward_rows[0]);
}

TEST_CASE("training chunk: shapes that no kernel can run are named") {
    const RunConfig run = fixtures::train_run();
    WorkloadConfig w = fixtures::balanced(run.workload);
    w.parallel.expert_ranks = 48;
    CHECK_THROWS_WITH(build_train_chunk(w, run.system, RankLoad{}), Contains("expert_ranks"));
    w = fixtures::balanced(run.workload);
    w.sequence = 3000;
    CHECK_THROWS_WITH(build_train_chunk(w, run.system), Contains("sequences"));
    w = fixtures::balanced(run.workload);
    w.parallel.communication_sms = 132;
    CHECK_THROWS_AS(build_train_chunk(w, run.system), ModelError);
    w = fixtures::balanced(run.workload);
    CHECK_THROWS_WITH(build_train_chunk(w, run.system, RankLoad{}), Contains("one entry per layer"));
}

TEST_CASE("training chunk: same input, same graph") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph a = build_train_chunk(run.workload, run.system), b = build_train_chunk(run.workload, run.system);
    REQUIRE(a.tasks.size() == b.tasks.size());
    for (std::size_t i = 0; i < a.tasks.size(); ++i) {
        CHECK(a.tasks[i].name == b.tasks[i].name);
        CHECK(kernel_hash(a.tasks[i].kernel) == kernel_hash(b.tasks[i].kernel));
    }
}
