#include "models/device/probes.hpp"
#include "sim/base/error.hpp"
#include "tests/support/probe_loops.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

TEST_CASE("a loop of wgmmas fills the Tensor Cores, and one that drains waits for each group") {
    const SystemConfig c = round_system();  // m64n128k32 in 64 cycles, results 10 cycles later
    CHECK(probe_cycles(c, ghz, wgmmas(128, 1, false)) == Approx(10 * 4 * 64 + 10));
    CHECK(probe_cycles(c, ghz, wgmmas(128, 2, false)) == Approx(2 * 10 * 4 * 64 + 10));
    CHECK(probe_cycles(c, ghz, wgmmas(128, 1, true)) == Approx(10 * (4 * 64 + 10)));
    // Two warpgroups hide each other's drain.
    CHECK(probe_cycles(c, ghz, wgmmas(128, 2, true)) == Approx(2 * 10 * 4 * 64 + 10));
}

TEST_CASE("a wgmma that does not exist is refused") {
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, wgmmas(260, 1, false)), ModelError);
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, wgmmas(12, 1, false)), ModelError);
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, wgmmas(128, 17, false)), ModelError);
}
