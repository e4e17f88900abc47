#include "workloads/deepseek_v3/stages.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;
using namespace tessera::deepseek_v3;
using Catch::Matchers::Contains;

TEST_CASE("stages of DeepSeek-V3 on a pipeline of sixteen") {
    const ModelConfig m = fixtures::train_run().workload.model;
    const std::vector<ChunkLayers> stages = stage_layers(m, 16, 1);
    REQUIRE(stages.size() == 16);
    const LayerKind d = LayerKind::dense, e = LayerKind::moe;
    CHECK(stages[0].layers == std::vector<LayerKind>{d, d, d, e});
    CHECK(stages[0].embedding);
    CHECK(stages[7].layers == std::vector<LayerKind>{e, e, e, e});
    CHECK_FALSE(stages[7].embedding);
    CHECK(stages[15].layers == std::vector<LayerKind>{e, LayerKind::prediction});
    CHECK(stages[15].head);
}

TEST_CASE("stages: parameters of all ranks are those of the published model") {
    const WorkloadConfig w = fixtures::train_run().workload;
    double routed = 0, other = 0;
    for (const ChunkLayers& s : stage_layers(w.model, 16, 0)) {
        const StageParameters p = stage_parameters(w.model, w.parallel, s);
        routed += p.routed * w.parallel.expert_ranks;
        other += p.other;
    }
    // 671 billion (README_WEIGHTS.md of DeepSeek-V3), embedding and head 0.9 each.
    CHECK(routed + other == Approx(671e9).epsilon(0.001));
    const double active = other + routed * w.model.experts_per_token / w.model.routed_experts;
    CHECK(active == Approx(36.7e9 + 0.9e9).epsilon(0.03));
}

TEST_CASE("stages: the other shipped models have their published parameters, in all and active for a token") {
    struct Published {
        const char* name;
        double all, active;
    };
    // DeepSeek-V2 (arXiv 2405.04434) appendix B; Qwen3 (arXiv 2505.09388) section 2; Llama 3 70B: 70.6e9 with both
    // tables.
    for (const Published& p : {Published{"deepseek_v2_lite", 15.7e9, 2.4e9 + 0.2e9},
                               Published{"qwen3_235b_a22b", 235e9, 22e9}, Published{"llama3_70b", 70.6e9, 70.6e9}}) {
        CAPTURE(p.name);
        const ModelConfig m = load_model(find_config("models", p.name));
        ParallelConfig alone;
        alone.expert_ranks = 1;
        const StageParameters n = stage_parameters(m, alone, stage_layers(m, 1, 0).front());
        CHECK(n.all() == Approx(p.all).epsilon(0.005));
        const double share = m.routed_experts > 0 ? 1.0 * m.experts_per_token / m.routed_experts : 0.0;
        CHECK(n.other + n.routed * share == Approx(p.active).epsilon(0.035));
    }
}

TEST_CASE("stages: layers spread evenly if filling from the front would leave none for the last") {
    ModelConfig m = fixtures::train_run().workload.model;
    m.layers = 9;
    m.dense_layers = 0;
    std::vector<std::size_t> sizes;
    for (const ChunkLayers& s : stage_layers(m, 4, 0)) { sizes.push_back(s.layers.size()); }
    CHECK(sizes == std::vector<std::size_t>{3, 2, 2, 2});
}

TEST_CASE("stages: impossible cuts are refused with the reason") {
    const ModelConfig m = fixtures::train_run().workload.model;
    CHECK_THROWS_WITH(stage_layers(m, 63, 1), Contains("62 layers cannot fill 63 stages"));
    CHECK_THROWS_WITH(stage_layers(m, 2, 1, {30, 31}), Contains("add up to 61, the model has 62"));
    CHECK_THROWS_WITH(stage_layers(m, 2, 1, {62, 0}), Contains("a stage without layers"));
    CHECK_THROWS_WITH(stage_layers(m, 3, 1, {31, 31}), Contains("given for 2 stages, the pipeline has 3"));
}

TEST_CASE("stages: activations follow the recipe") {
    const RunConfig run = fixtures::train_run();
    WorkloadConfig w = fixtures::balanced(run.workload);
    const RankLoad load = rank_loads(w, 1).front();
    const ChunkLayers four{std::vector<LayerKind>(4, LayerKind::moe)};
    const Bytes frugal = stored_activations(w, run.system, load, four);
    CHECK(frugal > mib(1024));
    CHECK(stored_activations(w, run.system, load, {{LayerKind::moe}}).raw() * 4 == frugal.raw());
    w.recipe.recompute_up_projections = w.recipe.recompute_norms = w.recipe.recompute_swiglu = false;
    CHECK(stored_activations(w, run.system, load, four) > frugal);
}
