#include "models/hbm/hbm_timing.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace tessera;
using tessera::testing::round_system;

TEST_CASE("runs are rounded up to whole bursts") {
    CHECK(burst_bytes(1024, 0, 64) == 1024);
    CHECK(burst_bytes(1000, 0, 64) == 1024);
    CHECK(burst_bytes(1024, 32, 64) == 2048);
    CHECK(burst_bytes(1024, 96, 64) == 11 * 128);  // 11 runs of two bursts
}

TEST_CASE("consecutive interleave units visit every channel once a lap") {
    const HbmParams p = hbm_params(round_system().hbm);
    HbmUnit unit(0, p);
    for (int lap = 0; lap < 50; ++lap) {
        std::vector<int> visits(static_cast<std::size_t>(p.channels));
        for (int i = 0; i < p.channels; ++i, unit.next()) { ++visits[static_cast<std::size_t>(unit.channel())]; }
        for (const int v : visits) { CHECK(v == 1); }
    }
}

TEST_CASE("walking to a unit and starting at it agree") {
    const HbmParams p = hbm_params(round_system().hbm);
    HbmUnit walked(0, p);
    for (std::uint64_t u = 0; u < 500; ++u, walked.next()) {
        const HbmUnit direct(u, p);
        REQUIRE(walked.channel() == direct.channel());
        REQUIRE(walked.row() == direct.row());
    }
}

TEST_CASE("the bus makes up for refresh so that a stream reaches its share of the pin rate") {
    HbmConfig c = round_system().hbm;
    c.read_efficiency = 0.9;
    c.refresh_interval = microseconds(4);
    c.refresh_time = nanoseconds(400);
    const HbmParams p = hbm_params(c);
    // 40 GB/s x 0.9 over 4 channels, in the 90 % of the time without refresh: 10 B/ns.
    CHECK(p.fs_per_byte == Approx(1e15 / 10e9));
}

TEST_CASE("lines fetched in pairs take 4,664 / 4,400 of the time") {
    CHECK(hbm_params(round_system().hbm).paired == Approx(4664.0 / 4400).epsilon(1e-3));
}

TEST_CASE("an impossible HBM is refused by name") {
    HbmConfig c = round_system().hbm;
    c.stacks = 0;
    CHECK_THROWS_AS(hbm_params(c), ModelError);
    CHECK_THROWS_WITH(hbm_params(c), Catch::Contains("/hbm/stacks"));
    c = round_system().hbm;
    c.near_memory_cast = true;
    CHECK_THROWS_WITH(hbm_params(c), Catch::Contains("/hbm/cast_throughput"));
}

TEST_CASE("an access waits longer the more lines it waits for") {
    HbmParams p;
    p.latency_spread = nanoseconds(8);
    CHECK(slowest_line(32, p) == Time::zero());
    CHECK(slowest_line(128, p) == Time::zero());
    CHECK(slowest_line(4096, p) == nanoseconds(40));
}
