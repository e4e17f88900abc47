// DeepGEMM on an H200 (dense, grouped, masked, weight gradients, 32 to 132 SMs), each row at its measured clock and
// with its published tile. The rows calibrate one constant, tile_turnover; every other one comes from
// microbenchmarks and datasheets.
#include "sim/app/validate_measured.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;

TEST_CASE("DeepGEMM on silicon, at the measured clock", "[validation]") {
    const ValidationReport report = validate_h200("h200-deepgemm", tessera::testing::h200(), {});
    std::vector<double> errors;
    for (const ValidationCase& c : report.cases) {
        INFO(c.id << ": " << c.reason);
        CHECK(c.covered);
        errors.push_back(std::abs(c.error()));
    }
    REQUIRE(errors.size() == 140);
    CHECK(quantile(errors, 0.5) < 0.04);
    CHECK(quantile(errors, 0.9) < 0.15);
}
