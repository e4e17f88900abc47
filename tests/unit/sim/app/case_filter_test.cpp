#include "sim/app/case_filter.hpp"

#include "sim/base/error.hpp"
#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

CaseFilter filter(const std::string& json) {
    const JsonValue v = parse_json(json, "filter.json");
    return read_case_filter(JsonCursor(v, "filter.json"));
}

}  // namespace

TEST_CASE("every condition of a filter must hold, and one that is not given always does") {
    ValidationCase c = validation_case("a", "gemm", "fp8_row", 30, 20);
    c.shape = {{"m", 64}, {"k", 512}};
    c.limiter = "hbm";
    c.set = "h200-gemm";
    for (const char* json :
         {"{}", R"({"families": ["x", "gemm"]})", R"({"families": ["ge*"]})", R"({"variants": ["fp8_*"]})",
          R"({"sets": ["h200-*"]})", R"({"limiters": ["hbm"]})", R"({"where": {"m": {"max": 64}, "k": {"min": 512}}})",
          R"({"side": "below"})", R"({"unit": "us", "least_us": 20})"}) {
        CAPTURE(json);
        CHECK(filter(json).matches(c));
    }
    for (const char* json :
         {R"({"families": ["g"]})", R"({"variants": ["bf16*"]})", R"({"sets": ["h800-train"]})",
          R"({"limiters": ["l2"]})", R"({"where": {"m": {"min": 65}}})", R"({"where": {"rows": {"min": 1}}})",
          R"({"side": "above"})", R"({"unit": "GB/s"})", R"({"least_us": 31})"}) {
        CAPTURE(json);
        CHECK_FALSE(filter(json).matches(c));
    }
    c.covered = false;
    CHECK_FALSE(filter(R"({"side": "below"})").matches(c));
}

TEST_CASE("a filter that cannot be meant is refused where it stands") {
    CHECK_THROWS_WITH(filter(R"({"side": "left"})"), Catch::Contains("/side"));
    CHECK_THROWS_WITH(filter(R"({"where": {"m": {"min": 2, "max": 1}}})"), Catch::Contains("/where/m"));
    CHECK_THROWS_AS(filter(R"({"families": "gemm"})"), ConfigError);
}
