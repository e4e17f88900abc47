#include "sim/cli/validation_summary.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;
using namespace tessera::testing;

TEST_CASE("classes and the whole make the report's summary") {
    const report::ValidationSummary s = validation_summary(sample_report());
    REQUIRE(s.rows.size() == 1);
    CHECK(s.rows[0].label == "gemm");
    CHECK(s.rows[0].cases == 2);
    CHECK(s.rows[0].share == Approx(0.5));
    CHECK(s.whole.measured == microseconds(400));
    CHECK(s.whole.error() == Approx(-0.1));
}

TEST_CASE("only the measured experiment has an error to state") {
    RunResult baseline;
    baseline.time = milliseconds(120);
    CHECK_FALSE(validation_of(default_run_config({"workload.tokens=8192"}), baseline));
    CHECK_FALSE(validation_of(default_run_config({"system.hbm.peak=\"4 TB/s\""}), baseline));
    const auto same = validation_of(default_run_config(), baseline);
    REQUIRE(same);
    CHECK(same->whole.predicted == milliseconds(120));
    CHECK(same->whole.measured > milliseconds(100));
}
