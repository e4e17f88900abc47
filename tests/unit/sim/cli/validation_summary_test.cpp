#include "sim/cli/validation_summary.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;
using namespace tessera::testing;

namespace {

ValidationReport sample_report() {
    ValidationReport r;
    r.set = "h800-train";
    r.source = "a trace";
    r.cases = {validation_case("k1", "gemm", "q", 100, 110), validation_case("k2", "gemm", "o", 100, 90),
               validation_case("c", "operator class", "gemm", 200, 200),
               validation_case("wall", "wall", "chunk", 400, 360)};
    r.cases[1].covered = false;
    r.summary = summarize_cases(r.cases);
    r.tolerances = {{"wall", -0.1, 0.05, "the clock"}, {"class gemm", 0.0, 0.2, ""}};
    return r;
}

}  // namespace

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
