#include "models/device/probes.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

namespace {

const Frequency ghz = megahertz(1000);

}  // namespace

TEST_CASE("atomics leave at the rate of sums, a fence waits for the stores before it") {
    SystemConfig c = round_system();
    AtomicLoop sums;
    CHECK(probe_cycles(c, ghz, sums) >= 256 * 128 * 1.25 / 32);
    c.sm.sync.fence_gpu = cycles(400);
    c.sm.sync.fence_system = cycles(1000);
    FenceLoop fence;
    CHECK(probe_cycles(c, ghz, fence) == Approx(400));
    fence.stored = 3200;
    // Half of the stores cross to the other partition at 128 B/clk, where they arrive 100 cycles later.
    CHECK(probe_cycles(c, ghz, fence) == Approx(400 + 3200 / 2 / 128.0 + 100));
    fence.scope = FenceScope::system;
    CHECK(probe_cycles(c, ghz, fence) == Approx(1000));
}
