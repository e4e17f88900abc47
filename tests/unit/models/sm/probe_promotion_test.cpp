#include "models/device/probes.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

namespace {

const Frequency ghz = megahertz(1000);

}  // namespace

TEST_CASE("promotion: alone in series, two in phase or in turn, three without a gap") {
    SystemConfig c = round_system();  // 256 of MMA, 10 of drain, 128 of promotion
    c.sm.sync = {};
    PromotionLoop loop;
    loop.promotes = true;
    const auto each = [&](int warpgroups, bool ordered) {
        PromotionLoop l = loop;
        l.warpgroups = warpgroups;
        l.ordered = ordered;
        return probe_cycles(c, ghz, l) / l.kblocks;
    };
    CHECK(each(1, false) == Approx(256 + 138).epsilon(0.001));
    CHECK(each(2, false) == Approx(512 + 138).epsilon(0.001));
    c.sm.tensor.wgmma_interval = cycles(20);  // the second may begin 80 cycles after the first
    CHECK(each(2, true) == Approx(512 + 138 - 80).epsilon(0.01));
    CHECK(each(3, false) < 768 * 1.03);
    loop.promotes = false;
    CHECK(each(2, false) == Approx(512).epsilon(0.001));
    loop.filled = 32768;
    c.sm.smem.fill_bandwidth = bytes_per_cycle(128);
    CHECK(each(2, false) == Approx(384 + 256).epsilon(0.001));  // fetch and fill on one port
}
