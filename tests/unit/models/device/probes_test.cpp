#include "models/device/probes.hpp"

#include "sim/base/error.hpp"
#include "tests/support/probe_loops.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

TEST_CASE("faster Tensor Cores are never slower, and the clock does not change cycles") {
    SystemConfig fast = round_system();
    fast.sm.tensor.fp8_mac_per_clk *= 2;
    for (const int n : {8, 64, 256}) {
        CHECK(probe_cycles(fast, ghz, wgmmas(n, 1, false)) <= probe_cycles(round_system(), ghz, wgmmas(n, 1, false)));
        CHECK(probe_cycles(fast, megahertz(1700), wgmmas(n, 1, false)) ==
              Approx(probe_cycles(fast, ghz, wgmmas(n, 1, false))).epsilon(1e-6));
    }
}
