#include "workloads/deepseek_v3/optimizer_step.hpp"

#include "sim/base/error.hpp"
#include "sim/lower/lower.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

RunConfig step_run() {
    RunConfig r = fixtures::train_run();
    r.workload = fixtures::balanced(r.workload);
    r.workload.kind = "train_step";
    return r;
}

}  // namespace

TEST_CASE("optimizer: replicas of DeepSeek-V3's job") {
    // 128 pipelines, expert-parallel groups of 64: an expert is on two of them, in both directions.
    const Replicas r = replicas(step_run().workload, 2);
    CHECK(r.experts == 4);
    CHECK(r.other == 256);
}

TEST_CASE("optimizer: bytes of the shards, of gradients and of weights") {
    const RunConfig run = step_run();
    StageParameters p;
    p.routed = 4096.0 * 4096;
    p.other = 4096.0 * 8192;
    const TaskGraph g = finish_lowering(build_optimizer_step(run.workload, run.system, p, 2), run.system);
    REQUIRE(g.tasks.size() == 12);
    const auto sent = [&g](const char* name) {
        const auto& e = std::get<ExchangeDesc>(g.find(name)->kernel);
        return e.tokens * e.bytes_per_token.raw();
    };
    CHECK(sent("reduce_experts") == 4 * 4096 * 4096);
    CHECK(sent("gather_other") == 2 * 4096 * 8192);
    // Gradient 4, master 4, moments 2 each read; master, moments and a weight of 2 written: 22 bytes a parameter.
    CHECK(compulsory_bytes(g.find("adamw_experts")->kernel).raw() == 22 * 4096 * 4096 / 4);
    CHECK(compulsory_bytes(g.find("adamw_other")->kernel).raw() == 22 * 4096 * 8192 / 256);
    // All of a rank's weights are cast, BF16 to FP8 and one FP32 scale per 128x128; accumulators cleared; norms read
    // once.
    CHECK(compulsory_bytes(g.find("cast_weights_experts")->kernel).raw() == 3 * 4096 * 4096 + 4 * 32 * 32);
    CHECK(compulsory_bytes(g.find("clear_gradients_other")->kernel).raw() == 4 * 4096 * 8192);
    CHECK(compulsory_bytes(g.find("gradient_norm_experts")->kernel).raw() == 4 * (4096 + 1) * 4096 / 4);
}

TEST_CASE("optimizer: parameters that one rank alone holds are not exchanged") {
    RunConfig run = step_run();
    run.workload.pipeline.gpus = 64;
    run.workload.pipeline.ranks = 1;
    StageParameters p;
    p.routed = 4096.0;
    const TaskGraph g = build_optimizer_step(run.workload, run.system, p, 1);
    REQUIRE(g.tasks.size() == 3);  // 4,096 parameters are less than a row of scale blocks: no cast
    CHECK(g.tasks[0].name == "gradient_norm_experts");
    CHECK(g.tasks[1].name == "adamw_experts");
    p.other = -1;
    CHECK_THROWS_AS(build_optimizer_step(run.workload, run.system, p, 1), ModelError);
}
