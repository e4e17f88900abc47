// covers: train_step.cpp prefill.cpp
// Models as data: other architectures run every workload from their configurations alone.
#include "sim/app/run.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace tessera;
using namespace tessera::test;

namespace {

struct Shipped {
    const char *run, *model;
};
constexpr Shipped kOthers[] = {{"deepseek_v2_lite_train_step", "deepseek_v2_lite"},
                               {"qwen3_235b_train_step", "qwen3_235b_a22b"},
                               {"llama3_70b_train_step", "llama3_70b"}};

void check_sound(const RunResult& r) {
    CHECK(r.time > Time::zero());
    for (const auto& [name, value] : r.figures) {
        CAPTURE(name);
        CHECK(std::isfinite(value));
        CHECK(value >= 0);
    }
    CHECK(r.figures.at("tokens_per_s_per_gpu") > 0);
}

}  // namespace

TEST_CASE("other models: a training step from the configuration alone") {
    for (const Shipped& s : kOthers) {
        CAPTURE(s.run);
        TimerPool timers(rooflines());
        const RunConfig config = load_run_config(find_config("runs", s.run), {"simulation.simulated_ranks=1"});
        REQUIRE(config.workload.model.name == load_model(find_config("models", s.model)).name);
        const RunResult r = run(config, timers, "");
        check_sound(r);
        const double rate = r.figures.at("tokens_per_s_per_gpu"), peak = 1979e12;
        CHECK(r.figures.at("flops_per_s_per_gpu") / rate > 6 * 2.4e9);  // at least the smallest model's
        CHECK(r.figures.at("flops_per_s_per_gpu") < peak);
    }
}

TEST_CASE("other models: a chunk pair and prefill") {
    for (const Shipped& s : kOthers) {
        CAPTURE(s.run);
        TimerPool timers(rooflines());
        RunConfig config = load_run_config(find_config("runs", s.run), {"simulation.simulated_ranks=1"});
        config.workload.kind = "train_chunk";
        config.workload.layers = 2;
        CHECK(run(config, timers, "").time > Time::zero());
        config.workload.kind = "prefill";
        config.workload.recipe.cache_transposed_weights = true;
        check_sound(run(config, timers, ""));
    }
}
