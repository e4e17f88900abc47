#include "sim/app/decode.hpp"

#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

RunConfig small_decode(const std::vector<std::string>& more = {}) {
    std::vector<std::string> changes = {"workload.model.layers=7", "workload.model.dense_layers=1", "workload.layers=2",
                                        "simulation.simulated_ranks=2"};
    changes.insert(changes.end(), more.begin(), more.end());
    return load_run_config(find_config("runs", "deepseek_v3_decode"), changes);
}

RunResult decoded(const std::vector<std::string>& more = {}) {
    TimerPool timers(rooflines());
    return run(small_decode(more), timers, "");
}

}  // namespace

TEST_CASE("decode: tokens of a step are the geometric sum of acceptances") {
    CHECK(accepted_tokens(0, 0.85) == 1);
    CHECK(accepted_tokens(1, 0.85) == Approx(1.85));
    CHECK(accepted_tokens(3, 0.5) == Approx(1.875));
    CHECK(accepted_tokens(2, 1.0) == Approx(3));
}

TEST_CASE("decode: a step takes its row of MoE layers as often as the model has it, the ends once, and the overhead") {
    TimerPool timers(rooflines());
    const RunConfig config = small_decode({"workload.inference.step_overhead=\"250 us\""});
    const RunResult r = run(config, timers, "");
    REQUIRE(r.parts.size() == 2);
    CHECK(to_seconds(r.time) == Approx(3 * to_seconds(r.parts[0].time) + to_seconds(r.parts[1].time) + 250e-6));
    CHECK(recomposed(config, r, {r.parts[0].time, r.parts[1].time}) == r.time);
    const double rate = 128 * 1.85 / to_seconds(r.time);
    CHECK(r.figures.at("tokens_per_s_per_gpu") == Approx(rate));
    CHECK(r.figures.at("tokens_per_s_per_node") == Approx(8 * rate));
    CHECK(r.figures.at("tpot_s") == Approx(to_seconds(r.time) / 1.85));
}

TEST_CASE("decode: longer caches and larger batches take longer steps, and a larger batch gives more tokens") {
    const RunResult base = decoded(), longer = decoded({"workload.inference.kv_length=8192"});
    const RunResult larger = decoded({"workload.tokens=256"});
    CHECK(longer.time > base.time);
    CHECK(larger.time > base.time);
    CHECK(larger.figures.at("tokens_per_s_per_gpu") > base.figures.at("tokens_per_s_per_gpu"));
    CHECK(decoded({"system.hbm.peak=\"6 TB/s\""}).time <= base.time);
}

TEST_CASE("decode: without drafts each step gives one token") {
    const RunResult r = decoded({"workload.tokens=64", "workload.sequence=1"});
    CHECK(r.figures.at("accepted_tokens_per_step") == 1);
    CHECK(r.figures.at("requests_per_gpu") == 128);
    CHECK(r.figures.at("tpot_s") == Approx(to_seconds(r.time)));
}

TEST_CASE("decode: memory that does not fit is told with its largest consumers") {
    CHECK_THROWS_WITH(decoded({"workload.inference.kv_length=400000"}),
                      Catch::Contains("out of memory") && Catch::Contains(": KV cache"));
    CHECK_THROWS_AS(decoded({"workload.inference.kv_length=400000"}), ModelError);
}
