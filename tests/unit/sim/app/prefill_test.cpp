#include "sim/app/prefill.hpp"

#include "sim/app/run.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

RunConfig small_prefill(const std::vector<std::string>& more = {}) {
    std::vector<std::string> changes = {"workload.model.layers=7", "workload.model.dense_layers=1", "workload.layers=2",
                                        "simulation.simulated_ranks=2"};
    changes.insert(changes.end(), more.begin(), more.end());
    return load_run_config(find_config("runs", "deepseek_v3_prefill"), changes);
}

}  // namespace

TEST_CASE("prefill: a batch takes its row of MoE layers as often as the model has it, and the dense layers once") {
    TimerPool timers(rooflines());
    const RunConfig config = small_prefill();
    const RunResult r = run(config, timers, "");
    REQUIRE(r.parts.size() == 2);
    CHECK(to_seconds(r.time) == Approx(3 * to_seconds(r.parts[0].time) + to_seconds(r.parts[1].time)));
    CHECK(recomposed(config, r, {r.parts[0].time, r.parts[1].time}) == r.time);
    const double rate = 2 * 8192 / to_seconds(r.time);
    CHECK(r.figures.at("tokens_per_s_per_gpu") == Approx(rate));
    CHECK(r.figures.at("tokens_per_s_per_node") == Approx(8 * rate));
    CHECK(r.figures.at("dollars_per_trillion_tokens") == Approx(2 * 1e12 / rate / 3600));
}

TEST_CASE("prefill: the second micro-batch hides the first one's exchanges") {
    TimerPool timers(rooflines());
    const RunResult r = run(small_prefill(), timers, "");
    double exchanges = 0, critical = 0;
    for (const ClassTotal& c : r.classes) {
        if (c.op_class == "comm_dispatch" || c.op_class == "comm_combine") {
            exchanges += to_seconds(c.time);
            critical += to_seconds(c.critical);
        }
    }
    CHECK(exchanges > 0);
    CHECK(critical < 0.8 * exchanges);
}

TEST_CASE("prefill: more memory bandwidth is never slower") {
    TimerPool timers(rooflines());
    RunConfig config = small_prefill();
    const Time before = run(config, timers, "").time;
    config.system.hbm.peak = config.system.hbm.peak * 2.0;
    CHECK(run(config, timers, "").time <= before);
}

TEST_CASE("prefill: a rank holds its experts, the other weights and the cache of both micro-batches") {
    TimerPool timers(rooflines());
    const RunResult r = run(small_prefill(), timers, "");
    // 9 of 256 experts on a rank, three matrices of 7168 x 2048 each, in 6 layers of FP8 weights.
    CHECK(r.figures.at("memory_experts_bytes") == Approx(6 * 9 * 3 * 7168.0 * 2048));
    // 16,384 tokens of 512 + 64 values in BF16, in 7 layers.
    CHECK(r.figures.at("memory_kv_cache_bytes") == Approx(7 * 16384 * 576 * 2.0));
    CHECK_THROWS_WITH(run(small_prefill({"system.hbm.capacity=\"4 GB\""}), timers, ""),
                      Catch::Contains("out of memory") && Catch::Contains("other weights"));
}
