#include "models/hbm/hbm_timing.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"

#include <algorithm>
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

TEST_CASE("the units of a chunk visit one channel after the other") {
    HbmParams p = hbm_params(round_system().hbm);
    p.channels = 192;
    HbmUnit unit(0, hbm_chunk, p);
    for (int chunk = 0; chunk < 50; ++chunk) {
        const int first = unit.channel();
        for (int i = 0; i < 4096 / 256; ++i, unit.next()) { CHECK(unit.channel() == (first + i) % p.channels); }
    }
}

TEST_CASE("a page loads all channels alike, a part of it does not") {
    HbmParams p = hbm_params(round_system().hbm);
    p.channels = 128;  // 512 chunks of 16 units: 64 units each
    const auto units = static_cast<std::uint64_t>((std::int64_t{2} << 20) / p.interleave);
    for (std::uint64_t page : {0ULL, 1ULL, 77ULL}) {
        std::vector<int> visits(static_cast<std::size_t>(p.channels)), part(visits);
        HbmUnit unit(page * units, hbm_chunk, p);
        for (std::uint64_t u = 0; u < units; ++u, unit.next()) {
            ++visits[static_cast<std::size_t>(unit.channel())];
            if (u < units / 8) { ++part[static_cast<std::size_t>(unit.channel())]; }
        }
        CHECK(visits == std::vector<int>(visits.size(), 64));
        CHECK(*std::max_element(part.begin(), part.end()) > 8);
    }
}

TEST_CASE("runs share a chunk with their neighbours unless they lie far apart") {
    CHECK(piece_bytes(128, 0) == 128);
    CHECK(piece_bytes(128, 7168) == 128);
    CHECK(piece_bytes(128, 1024) == 4096);
    CHECK(piece_bytes(8192, 0) == 4096);
}

TEST_CASE("pages are shuffled differently") {
    const HbmParams p = hbm_params(round_system().hbm);
    int same = 0;
    for (std::uint64_t chunk = 0; chunk < 512; ++chunk) {
        same +=
            HbmUnit(chunk * 16, hbm_chunk, p).channel() == HbmUnit((chunk + 512) * 16, hbm_chunk, p).channel() ? 1 : 0;
    }
    CHECK(same < 200);  // 128 of 512 by chance, over four channels
}

TEST_CASE("walking to a unit and starting at it agree") {
    const HbmParams p = hbm_params(round_system().hbm);
    HbmUnit walked(0, hbm_chunk, p);
    for (std::uint64_t u = 0; u < 500; ++u, walked.next()) {
        const HbmUnit direct(u, hbm_chunk, p);
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
    // The 2 % that uneven channels cost come on top.
    CHECK(p.fs_per_byte == Approx(0.98 * 1e15 / 10e9));
}

TEST_CASE("lines fetched in pairs take longer as the config says, and never less") {
    HbmConfig c = round_system().hbm;
    CHECK(hbm_params(c).paired == 1.0);
    c.pair_efficiency = 0.8;
    CHECK(hbm_params(c).paired == Approx(1.25));
    c.pair_efficiency = 1.1;
    CHECK_THROWS_AS(hbm_params(c), ModelError);
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
