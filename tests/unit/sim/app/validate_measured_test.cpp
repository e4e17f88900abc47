#include "sim/app/validate_measured.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "tests/support/systems.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;
using tessera::testing::TemporaryFolder;

TEST_CASE("a case's time is its launches' plus the gaps, a rate its payload over the time inside") {
    measured::Case c;
    c.id = "x";
    c.measured = 10;
    c.overhead = microseconds(1);
    const std::vector<LaunchPrice> prices = {{microseconds(3), microseconds(1), "hbm", ""},
                                             {microseconds(5), microseconds(1), "tensor_core", ""}};
    const ValidationCase time = judge_case(c, prices);
    CHECK(time.predicted == Approx(9));
    CHECK(time.error() == Approx(-0.1));
    CHECK(time.limiter == "tensor_core");
    c.unit = "GB/s";
    c.overhead = {};
    c.net_of_launch = true;
    c.payload = bytes(12000);
    CHECK(judge_case(c, prices).predicted == Approx(2.0));  // 12,000 B in 6 us
    const ValidationCase refused = judge_case(c, {{{}, {}, "", "does not fit"}});
    CHECK_FALSE(refused.covered);
    CHECK(refused.reason == "does not fit");
}

TEST_CASE("a file with good and broken cases: each is in the report") {
    const TemporaryFolder folder;
    const std::string file = folder.path() + "/m.json";
    write_file_atomically(file, R"({"cases": [
        {"family": "gemm", "variant": "fp8_block", "dtype": "fp8", "shape": {"M": 256, "N": 512, "K": 1024}, "us": 9,
         "sm_mhz": 1500},
        {"family": "gemm", "variant": "fp8_block", "dtype": "fp8", "shape": {"M": 256, "N": 512, "K": 1024}, "us": 0,
         "sm_mhz": 1500},
        {"family": "gemm", "variant": "bf16_tn", "dtype": "bf16", "shape": {"M": 256, "N": 512, "K": 1024}, "us": 9,
         "sm_mhz": 1500, "tile": {"m": 1024, "n": 1024, "k": 64, "stages": 4, "cluster_m": 1, "cluster_n": 1}}]})");
    const ValidationReport r = validate_file(file, h200(), {});
    REQUIRE(r.cases.size() == 3);
    CHECK(r.cases[0].covered);
    CHECK(r.cases[0].predicted > 1);
    CHECK(r.cases[1].reason.find("/cases/1/us") != std::string::npos);
    CHECK_FALSE(r.cases[2].covered);  // no SM holds such a tile
    CHECK(r.summary.front().cases == 3);
    CHECK(r.summary.front().covered == 1);
    const JsonValue json = to_json(r);
    CHECK(json.find("cases")->items()[0].find("predicted_us") != nullptr);
    CHECK_THROWS_AS(validate_file(folder.path() + "/none.json", h200(), {}), ConfigError);
}

TEST_CASE("the H200 sets are there, every GEMM among them is understood") {
    for (const std::string& set : h200_sets()) {
        INFO(set);
        const std::vector<measured::Case> cases = h200_cases(set, h200());
        std::size_t readable = 0;
        for (const measured::Case& c : cases) { readable += c.problem.empty() ? 1 : 0; }
        CHECK(cases.size() >= 12);
        CHECK(readable >= 9);
    }
    for (const measured::Case& c : h200_cases("h200-gemm", h200())) {
        INFO(c.id);
        CHECK(c.problem.empty());
    }
}
