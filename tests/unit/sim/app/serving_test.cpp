#include "sim/app/serving.hpp"

#include "sim/app/compare.hpp"
#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

RunConfig service(const std::vector<std::string>& more = {}) {
    std::vector<std::string> changes = {"workload.serving.requests=2000", "workload.serving.warm_up=1",
                                        "workload.serving.arrivals=100", "workload.serving.prefill_units=4",
                                        "workload.serving.decode_units=2"};
    changes.insert(changes.end(), more.begin(), more.end());
    return load_run_config(find_config("runs", "deepseek_v3_service"), changes);
}

}  // namespace

TEST_CASE("serving: tokens come out as fast as they come in, and more units are never slower") {
    TimerPool timers(rooflines());
    const RunResult few = run(service(), timers, "");
    const double nodes = 2.0 * 144 / 8, rate = 100.0 * 1211;
    CHECK(few.figures.at("output_tokens_per_s_per_node") == Approx(rate / nodes).epsilon(0.1));
    CHECK(few.figures.at("ttft_p50_s") <= few.figures.at("ttft_p99_s"));
    CHECK(few.figures.at("tokens_per_s_per_request") == Approx(1 / few.figures.at("tpot_mean_s")));
    const RunResult more =
        run(service({"workload.serving.prefill_units=8", "workload.serving.decode_units=4"}), timers, "");
    CHECK(more.figures.at("ttft_mean_s") <= few.figures.at("ttft_mean_s"));
    CHECK(more.figures.at("tpot_mean_s") <= few.figures.at("tpot_mean_s"));
    CHECK(more.time <= few.time);

    CHECK_THROWS_WITH(run(service({"workload.serving.arrivals=100000"}), timers, ""), Catch::Contains("overload"));
    CHECK_THROWS_AS(run(service({"workload.serving.prefill=\"deepseek_v3_decode\""}), timers, ""), ConfigError);
}

TEST_CASE("serving: what makes no service is refused") {
    CHECK_THROWS_WITH(service({"workload.serving.arrivals=0"}), Catch::Contains("/workload/serving/arrivals"));
    CHECK_THROWS_AS(service({"workload.serving.input.deviation=0"}), ConfigError);
    CHECK_THROWS_AS(compare(service(), 1), ConfigError);
}
