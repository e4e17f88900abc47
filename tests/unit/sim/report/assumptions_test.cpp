#include "sim/base/error.hpp"
#include "sim/report/report.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("assumptions: every value with origin and source; anything else is our bug") {
    const auto a = assumptions_of(sample::comparison().provenance_json);
    REQUIRE(a.size() == 2);
    CHECK(a[0].path == "/system/hbm/peak");
    CHECK(a[0].source == "H800 datasheet");
    CHECK(a[1].value == "4096");
    CHECK(assumptions_of("").empty());
    CHECK_THROWS_AS(assumptions_of("[1]"), InternalError);
}
