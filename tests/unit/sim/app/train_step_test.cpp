// covers: train_step.cpp train_step_summary.cpp simulated_graph.cpp composed.cpp
#include "sim/app/train_step.hpp"

#include "sim/app/compare.hpp"
#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace tessera;
using namespace tessera::test;
using Catch::Matchers::Contains;

namespace {

// Six layers on two pipeline ranks: small, but with every kind of layer and cell.
RunConfig small_step() {
    static const RunConfig config = load_run_config(
        find_config("runs", "deepseek_v3_train_step"),
        {"workload.model.layers=6", "workload.model.dense_layers=1", "workload.pipeline.ranks=2",
         "workload.pipeline.gpus=128", "workload.pipeline.micro_batches=6", "simulation.simulated_ranks=2"});
    return config;
}

}  // namespace

TEST_CASE("a training step: its parts add up to its time, and its figures follow from it") {
    TimerPool timers(rooflines());
    const RunConfig config = small_step();
    const RunResult r = run(config, timers, "");
    const auto figure = [&r](const char* name) { return r.figures.at(name); };
    const double parts = figure("forward_s") + figure("backward_s") + figure("weight_gradient_s") +
                         figure("forward_backward_s") + figure("bubble_s") + figure("optimizer_s");
    CHECK(parts == Approx(to_seconds(r.time)).epsilon(1e-9));
    const double tokens = 64.0 * 6 * 4096;
    CHECK(figure("tokens_per_step") == tokens);
    CHECK(figure("tokens_per_day") == Approx(tokens / to_seconds(r.time) * 86400));
    CHECK(figure("gpu_hours_per_trillion_tokens") == Approx(1e12 / tokens * to_seconds(r.time) * 128 / 3600));
    double share = 0;
    for (const auto& [name, value] : r.critical_share) { share += value; }
    CHECK(share == Approx(1.0).epsilon(1e-9));
    CHECK(r.timeline.streams.size() == 2);
    CHECK(r.timeline.wall == r.time);
}

TEST_CASE("a training step: faster parts and faster memory never make it longer") {
    TimerPool timers(rooflines());
    const RunConfig config = small_step();
    const RunResult r = run(config, timers, "");
    std::vector<Time> parts;
    for (const RunResult& p : r.parts) { parts.push_back(p.time); }
    const Time whole = recomposed(config, r, parts);
    CHECK(whole <= r.time);  // messages take nothing here
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::vector<Time> faster = parts;
        faster[i] = faster[i] * 0.5;
        CHECK(recomposed(config, r, faster) <= whole);
    }
    RunConfig wider = config;
    wider.system.hbm.peak = wider.system.hbm.peak * 2.0;
    CHECK(run(wider, timers, "").time <= r.time);
}

TEST_CASE("a training step compares like any workload, within its bounds, and survives its document") {
    TimerPool timers(rooflines());
    RunConfig config = small_step();
    config.compare.proposals = {{"transposed-gemm", {}}, {"comm-coprocessor", {}}};
    const Comparison c =
        compare(config, 1, {}, [&](const RunConfig& r, const std::string& id) { return run(r, timers, id); });
    REQUIRE(c.variants.size() == 3);
    for (const VariantOutcome& v : c.variants) {
        CAPTURE(v.result.id, v.speedup);
        CHECK(v.speedup <= v.bound_speedup * (1 + 1e-9));
    }
    const Comparison again = comparison_from_json(to_json(c), "memory");
    CHECK(again.baseline.figures == c.baseline.figures);
    CHECK(to_json(again) == to_json(c));
}

TEST_CASE("a training step: what does not fit the memory is refused, the largest consumers first") {
    TimerPool timers(rooflines());
    RunConfig config = small_step();
    config.system.hbm.capacity = mib(1024) * 20.0;
    CHECK_THROWS_WITH(simulate_train_step(config, timers),
                      Contains("out of memory: rank 0 of the pipeline needs") && Contains("of 20.0 GiB: gradients"));
    config = small_step();
    config.workload.pipeline.micro_batches = 2;
    CHECK_THROWS_WITH(simulate_train_step(config, timers), Contains("needs at least 4 micro-batches"));
}

TEST_CASE("a training step: other schedules hold other bubbles") {
    TimerPool timers(rooflines());
    RunConfig config = small_step();
    config.workload.pipeline.schedule = PipelineSchedule::one_f_one_b;
    const double plain = run(config, timers, "").figures.at("bubble_s");
    config.workload.pipeline.schedule = PipelineSchedule::zb1p;
    CHECK(run(config, timers, "").figures.at("bubble_s") < plain);
}

TEST_CASE("operations per token of DeepSeek-V3 as its reports count them") {
    const ModelConfig m = default_run_config().workload.model;
    // 432 and 385 TFLOPS at 272.80e9 tokens a day on 2,048 GPUs (arXiv 2505.09343, table 4).
    const double rate = 272.80e9 / 86400 / 2048;
    CHECK(model_flops_per_token(m, 4096, false) == Approx(432e12 / rate).epsilon(0.005));
    CHECK(model_flops_per_token(m, 4096, true) == Approx(385e12 / rate).epsilon(0.005));
}
