// The training chunk's tensors are complete and ordered, whatever the recipe.
#include "sim/lower/dataflow.hpp"

#include "sim/lower/lower.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;
using namespace tessera::deepseek_v3;

TEST_CASE("training chunk: everything read is written before, for every recipe") {
    RunConfig run = fixtures::train_run();
    for (int mask = 0; mask < 128; ++mask) {
        RecipeConfig& r = run.workload.recipe;
        r.store_swiglu_input_fp8 = (mask & 1) != 0;
        r.store_attention_output_e5m6 = (mask & 2) != 0;
        r.recompute_norms = (mask & 4) != 0;
        r.recompute_up_projections = (mask & 8) != 0;
        r.recompute_swiglu = (mask & 16) != 0;
        r.cast_kv_input_twice = (mask & 32) != 0;
        r.cache_transposed_weights = (mask & 64) != 0;
        INFO("recipe " << mask);
        CHECK_NOTHROW(check_dataflow(build_train_chunk(run.workload, run.system)));
    }
}

TEST_CASE("training chunk: large tensors leave L2 before they are read again, small ones stay") {
    const RunConfig run = fixtures::train_run();
    const TaskGraph g = finish_lowering(build_train_chunk(run.workload, run.system), run.system);
    const Task* gemm = fixtures::task_of(g, "q_a_proj", 1);
    CHECK(reads(gemm->kernel)[0]->l2_resident > 0.5);                                      // 29 MB, just cast
    CHECK(reads(fixtures::task_of(g, "cast_dQ", 1)->kernel)[0]->l2_resident == 0.0);       // 201 MB
    CHECK(reads(fixtures::task_of(g, "scaleT_dQ", 1)->kernel)[0]->l2_resident == 1.0);     // scales of the cast before
    CHECK(reads(fixtures::task_of(g, "rmsnorm_attn", 1)->kernel)[0]->l2_resident == 0.0);  // from the other stream
}

TEST_CASE("training chunk: nothing is computed in vain but what its kernels write anyway") {
    // torch.topk returns values beside indices; the counts of the layout kernel go into the barrier's metadata.
    const std::set<std::string> known = {"topk_values", "topk_values_aux", "tokens_per_expert"};
    std::set<std::string> found;
    for (const Orphan& o : unread_writes(fixtures::train_graph())) {
        found.insert(o.tensor.substr(o.tensor.find('.') + 1));
    }
    CHECK(found == known);
}
