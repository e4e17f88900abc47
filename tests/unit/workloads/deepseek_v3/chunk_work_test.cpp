// covers: dense_layer.cpp dense_ffn.cpp prediction.cpp model_ends.cpp
#include "sim/ir/stream_kernels.hpp"
#include "sim/lower/lower.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"
#include "workloads/deepseek_v3/stages.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

const RunConfig& shipped() {
    static const RunConfig run = [] {
        RunConfig r = fixtures::train_run();
        r.workload = fixtures::balanced(r.workload);
        return r;
    }();
    return run;
}

TaskGraph build(const ChunkWork& work) {
    const RunConfig& run = shipped();
    return finish_lowering(build_train_chunk(run.workload, run.system, rank_loads(run.workload, 1).front(), work),
                           run.system);
}

double gemm_flops(const TaskGraph& g) {
    return std::accumulate(g.tasks.begin(), g.tasks.end(), 0.0, [](double sum, const Task& t) {
        return sum + (std::holds_alternative<GemmDesc>(t.kernel) ? flops(t.kernel).raw() : 0.0);
    });
}

ChunkLayers moe(int layers) { return {std::vector<LayerKind>(static_cast<std::size_t>(layers), LayerKind::moe)}; }
ChunkLayers last_stage() { return {{LayerKind::moe, LayerKind::prediction}, false, true}; }
ChunkLayers first_stage() { return {{LayerKind::dense, LayerKind::moe}, true, false}; }

}  // namespace

TEST_CASE("the cells of every stage have whole dataflows, overlapped or not") {
    for (const ChunkLayers& layers : {moe(2), first_stage(), last_stage()}) {
        for (const Gradients g : {Gradients::all, Gradients::inputs, Gradients::weights}) {
            CHECK_NOTHROW(build({{}, layers, g}));
        }
        CHECK_NOTHROW(build({layers, {}}));
        CHECK_NOTHROW(build({layers, last_stage()}));
        CHECK_NOTHROW(build({layers, first_stage()}));
    }
}

TEST_CASE("forward, input and weight gradients of a chunk are together what the overlapped pair does") {
    for (const ChunkLayers& layers : {moe(2), first_stage(), last_stage()}) {
        const double parts = gemm_flops(build({layers, {}})) + gemm_flops(build({{}, layers, Gradients::inputs})) +
                             gemm_flops(build({{}, layers, Gradients::weights}));
        CHECK(parts == Approx(gemm_flops(build({layers, layers}))));
        CHECK(gemm_flops(build({{}, layers, Gradients::all})) ==
              Approx(gemm_flops(build({layers, layers})) - gemm_flops(build({layers, {}}))));
    }
}

TEST_CASE("a dense layer: FLOPs of its FFN and no exchange") {
    const ModelConfig& m = shipped().workload.model;
    const TaskGraph dense = build({{{LayerKind::dense}}, {}});
    const TaskGraph routed = build({moe(1), {}});
    for (const Task& t : dense.tasks) { CHECK_FALSE(std::holds_alternative<ExchangeDesc>(t.kernel)); }
    const double h = static_cast<double>(m.hidden), tokens = static_cast<double>(shipped().workload.tokens);
    const double dense_ffn = 2 * tokens * 3 * h * static_cast<double>(m.dense_ffn);
    const double expert = 2 * tokens * 3 * h * static_cast<double>(m.expert_ffn);
    const double gate = 2 * tokens * h * m.routed_experts;
    CHECK(gemm_flops(dense) - gemm_flops(routed) ==
          Approx(dense_ffn - gate - expert * (m.experts_per_token + m.shared_experts)));
}

TEST_CASE("the last stage has one head for the model and one for its prediction module") {
    const ModelConfig& m = shipped().workload.model;
    const double h = static_cast<double>(m.hidden), tokens = static_cast<double>(shipped().workload.tokens);
    const double head = 2 * tokens * h * static_cast<double>(m.vocab), projection = 2 * tokens * h * 2 * h;
    CHECK(gemm_flops(build({last_stage(), {}})) - gemm_flops(build({moe(2), {}})) == Approx(2 * head + projection));
    CHECK(gemm_flops(build({{}, last_stage()})) - gemm_flops(build({{}, moe(2)})) ==
          Approx(2 * (2 * head + projection)));
}

TEST_CASE("gradients pass from head to embedding: every layer's gradient has a writer") {
    const ChunkLayers whole{{LayerKind::dense, LayerKind::moe, LayerKind::prediction}, true, true};
    const TaskGraph g = build({{}, whole});
    for (const std::string& input : g.inputs) {
        CAPTURE(input);
        CHECK(input.find(".dy") == std::string::npos);
    }
    CHECK(build({whole, {}}).find("F0.embedding.embedding") != nullptr);
}
