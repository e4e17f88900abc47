#include "models/device/probes.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

namespace {

const Frequency ghz = megahertz(1000);

}  // namespace

TEST_CASE("pipes, shared memory and blocks follow their figures") {
    SystemConfig c = round_system();
    CudaLoop fp32;
    fp32.fp32 = 64;
    CHECK(probe_cycles(c, ghz, fp32) == Approx(64.0 * 32 * 32 * fp32.iterations / 128));
    fp32.warps = 1;
    fp32.chain = 100;
    c.sm.cuda.dependent_issue = cycles(4);
    CHECK(probe_cycles(c, ghz, fp32) == Approx(400.0 * fp32.iterations));
    SmemLoop reads;
    CHECK(probe_cycles(c, ghz, reads) == Approx(64.0 * (16 * 4 + 20 + 20)).epsilon(0.01));
    reads.warps = 16;
    CHECK(probe_cycles(c, ghz, reads) == Approx(64.0 * 16 * 16).epsilon(0.01));
    BlockLoop blocks;
    c.sm.sync.cta_turn = cycles(300);
    c.sm.cta_launch_interval = cycles(100);
    blocks.resident = 1;
    CHECK(probe_cycles(c, ghz, blocks) == Approx(300.0 * blocks.blocks));
    blocks.resident = 8;
    CHECK(probe_cycles(c, ghz, blocks) == Approx(100.0 * blocks.blocks).epsilon(0.01));
}
