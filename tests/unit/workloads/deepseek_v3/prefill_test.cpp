#include "workloads/deepseek_v3/prefill.hpp"

#include "sim/lower/lower.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

RunConfig prefill_run() {
    RunConfig r = load_run_config(std::string(TESSERA_SOURCE_DIR) + "/configs/runs/deepseek_v3_prefill.json");
    r.workload = fixtures::balanced(r.workload);
    return r;
}

TaskGraph build(const RunConfig& run, const ChunkLayers& layers) {
    return finish_lowering(build_prefill(run.workload, run.system, rank_loads(run.workload, 1).front(), layers),
                           run.system);
}

}  // namespace

TEST_CASE("prefill: both micro-batches do the same work, and whole dataflows") {
    const TaskGraph g = build(prefill_run(), {{LayerKind::dense, LayerKind::moe, LayerKind::moe}, true, true});
    int first = 0, second = 0;
    for (const Task& t : g.tasks) {
        CHECK(t.pass == TaskPass::forward);
        (t.name[0] == 'F' ? first : second) += 1;
    }
    CHECK(first == second);
    CHECK(g.find("F1.attn.q_a_proj") != nullptr);
    CHECK(g.find("G2.mlp.routed_down") != nullptr);
}

TEST_CASE("prefill: experts of one micro-batch follow its own dispatch, not the other's") {
    const TaskGraph g = build(prefill_run(), {{LayerKind::moe, LayerKind::moe}});
    const Task* dispatch = g.find("G0.dispatch.dispatch_x");
    const Task* other = g.find("F0.dispatch.dispatch_x");
    REQUIRE(dispatch != nullptr);
    REQUIRE(other != nullptr);
    const Task* experts = g.find("G0.mlp.shared_gate_up");
    std::set<TaskId> before;
    for (const Task& t : g.tasks) {
        if (t.region == "mlp(G)" && t.layer == 0) { before.insert(t.deps.begin(), t.deps.end()); }
    }
    REQUIRE(experts != nullptr);
    CHECK(before.count(dispatch->id) == 1);
    CHECK(before.count(other->id) == 0);
}

TEST_CASE("prefill: redundant experts are more experts of a GPU, for the same tokens") {
    RunConfig run = prefill_run();
    const auto groups = [&run] {
        const TaskGraph g = build(run, {{LayerKind::moe}});
        return fixtures::gemm_of(*g.find("F0.mlp.routed_gate_up")).group_sizes.size();
    };
    CHECK(groups() == 9);
    run.workload.parallel.redundant_experts = 0;
    CHECK(groups() == 8);
}

TEST_CASE("prefill: logits of the last token of each prompt only") {
    const TaskGraph g = build(prefill_run(), {{LayerKind::dense}, true, true});
    CHECK(fixtures::gemm_of(*g.find("F1.head.head_bf16")).m == 2);
}
