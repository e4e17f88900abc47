#include "workloads/deepseek_v3/operators.hpp"

#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

namespace {

// A builder in the middle of a forward region, to call one operator at a time.
struct Bench {
    RunConfig run = fixtures::train_run();
    RankLoad load = rank_loads(run.workload, 1).front();
    ChunkWork work{{std::vector<LayerKind>(4, LayerKind::moe)}, {std::vector<LayerKind>(4, LayerKind::moe)}};
    ChunkBuilder b{run.workload, run.system, load, work};
    Bench() {
        b.begin_iteration(0);
        b.begin_region({"attn(F)", "attn", false, compute_stream}, {});
    }
};

}  // namespace

TEST_CASE("operators: a cast gives values and one scale per 128") {
    Bench bench;
    const Fp8Tensor q = cast(bench.b, {"cast_it", op_class::per_token_cast, TaskPass::forward}, "x", 4096, 7168);
    const TaskGraph g = bench.b.finish();
    REQUIRE(g.tasks.size() == 1);
    CHECK(writes(g.tasks[0].kernel)[0]->tensor == q.values);
    CHECK(writes(g.tasks[0].kernel)[1]->tensor == q.scales);
    CHECK(writes(g.tasks[0].kernel)[1]->size().raw() == 4096 * 56 * 4);
}

TEST_CASE("operators: a cast for a GEMM also turns the scales") {
    Bench bench;
    const Fp8Tensor q = cast_for_gemm(bench.b, {"cast_it", "turn_it", TaskPass::forward}, "x", 4096, 576);
    const TaskGraph g = bench.b.finish();
    REQUIRE(g.tasks.size() == 2);
    CHECK(g.tasks[1].op_class == "scale_transpose");
    CHECK(writes(g.tasks[1].kernel)[0]->tensor == q.scales);
    CHECK(reads(g.tasks[1].kernel)[0]->cols == 5);  // 576 values in groups of 128
    CHECK(g.tasks[1].deps == std::vector<TaskId>{0});
}

TEST_CASE("operators: a linear layer reads scales of both operands") {
    Bench bench;
    fp8_linear(bench.b, {"proj", op_class::gemm_forward, TaskPass::forward}, {"a.q", "a.s"}, "w", {256, 512, 1024, {}},
               "out");
    const TaskGraph g = bench.b.finish();
    const GemmDesc& k = gemm_of(g.tasks[0]);
    REQUIRE(k.scales.size() == 2);
    CHECK(k.scales[0].size().raw() == 256 * 8 * 4);
    CHECK(k.scales[1].size().raw() == 4 * 8 * 4);
    CHECK(k.d.dtype == DType::bf16);
    CHECK(k.form == GemmForm::dense);
    CHECK(g.tasks[0].sms == 112);
}

TEST_CASE("operators: cached transposed weights need no kernel") {
    Bench bench;
    bench.run.workload.recipe.cache_transposed_weights = true;
    const std::string w =
        transposed_weight(bench.b, {"T_w", op_class::weight_transpose, TaskPass::backward}, "w", 128, 128);
    const TaskGraph g = bench.b.finish();
    CHECK(g.tasks.empty());
    CHECK(std::count(g.inputs.begin(), g.inputs.end(), w) == 1);
}

TEST_CASE("operators: a norm's backward sums and accumulates its weight gradient") {
    Bench bench;
    rms_norm_backward(bench.b, "norm_bwd", {"x", "dy", "dx", ""}, "norm", 512);
    const TaskGraph g = bench.b.finish();
    REQUIRE(g.tasks.size() == 3);
    CHECK(g.tasks[1].role == "norm_bwd_finalize");
    CHECK(g.tasks[2].role == "accum_norm_grad");
    CHECK(std::count(g.outputs.begin(), g.outputs.end(), writes(g.tasks[2].kernel)[0]->tensor) == 1);
}
