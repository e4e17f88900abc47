#include "sim/cli/validation_summary.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

namespace {

ValidationCase one(const std::string& id, const std::string& family, const std::string& variant, double measured,
                   double predicted) {
    ValidationCase c;
    c.id = id;
    c.family = family;
    c.variant = variant;
    c.measured = measured;
    c.predicted = predicted;
    return c;
}

ValidationReport sample_report() {
    ValidationReport r;
    r.set = "h800-train";
    r.source = "a trace";
    r.cases = {one("k1", "gemm", "q", 100, 110), one("k2", "gemm", "o", 100, 90),
               one("c", "operator class", "gemm", 200, 200), one("wall", "wall", "chunk", 400, 360)};
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

TEST_CASE("the text states every tolerance, met or missed, and what is not covered") {
    const std::string t = validation_text(sample_report());
    CHECK(t.find("-10.0 %") != std::string::npos);
    CHECK(t.find("MISSED") != std::string::npos);
    CHECK(t.find("1 cases are not covered") != std::string::npos);
    CHECK(t.find("wall: the clock") != std::string::npos);  // a miss is told with its known reason
    CHECK(t.find("1 of 2 tolerances are missed") != std::string::npos);
}

TEST_CASE("without tolerances: variants below their family, the worst cases, reasons once with their number") {
    ValidationReport r = sample_report();
    r.tolerances.clear();
    r.cases = {one("k1", "gemm", "a", 100, 110), one("k2", "gemm", "a", 100, 150), one("k3", "gemm", "b", 100, 99),
               one("k4", "gemm", "b", 100, 0), one("k5", "gemm", "b", 100, 0)};
    r.cases[1].limiter = "tensor_core";
    for (const std::size_t i : {3, 4}) {
        r.cases[i].covered = false;
        r.cases[i].reason = "no such tile";
    }
    r.summary = summarize_cases(r.cases);
    const std::string t = validation_text(r);
    CHECK(t.find("gemm, a") != std::string::npos);
    CHECK(t.find("tensor core") != std::string::npos);
    CHECK(t.find("+50.0 %") < t.find("+10.0 %"));  // the worst first
    CHECK(t.find("2 x no such tile (k4, ...)") != std::string::npos);
    CHECK(t.find("tolerance") == std::string::npos);
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
