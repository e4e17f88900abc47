#include "sim/app/measured/micro.hpp"
#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using namespace tessera::testing;

TEST_CASE("the error of a tile follows from its inputs and the accumulator, digit by digit") {
    const auto error_of = [](const std::string& type) {
        Case c;
        check_quantities("E.check").at(0).read(Text(R"({"type": ")" + type + R"(", "relative_error": 1e-4})").at(), c);
        return c.probe(round_system(), megahertz(1000)).value;
    };
    // Recorded on an H200: 9.45691e-05 with FP8, whose sums keep 13 bits, and 1.11703e-08 with BF16.
    CHECK(error_of("e4m3") == Approx(9.45691e-05).epsilon(1e-5));
    CHECK(error_of("bf16") == Approx(1.11703e-08).epsilon(1e-5));
    CHECK_THROWS_WITH(error_of("fp4"), Catch::Contains("/type"));
}
