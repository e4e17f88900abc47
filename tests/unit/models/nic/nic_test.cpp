#include "models/nic/nic.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("a card writes one message after another and both directions run at once") {
    NicConfig c;
    c.per_gpu = gb_per_second(50);
    c.packet = bytes(80);  // 40 GB/s: 25 ns per 1000 bytes
    c.header = bytes(20);
    c.latency = microseconds(3);
    const NicParams p = nic_params(c);
    NicState state;
    NicStats stats;
    CHECK(nic_write(p, state, stats, bytes(1000), nanoseconds(0)) == nanoseconds(3025));
    CHECK(nic_write(p, state, stats, bytes(1000), nanoseconds(0)) == nanoseconds(3050));
    CHECK(nic_arrive(p, state, stats, bytes(2000), nanoseconds(10)) == nanoseconds(60));
    CHECK(stats.messages == 2);
    CHECK(stats.out == bytes(2000));
    CHECK(stats.in == bytes(2000));
    CHECK(nic_time(p, bytes(40'000), bytes(8'000)) == microseconds(1));
}

TEST_CASE("cards that carry nothing are refused") {
    NicConfig c;
    CHECK_THROWS_AS(nic_params(c), ModelError);
    c.per_gpu = gb_per_second(50);
    c.switch_rate = 0;
    CHECK_THROWS_AS(nic_params(c), ModelError);
    c.switch_rate = 1;
    c.latency = nanoseconds(-1);
    CHECK_THROWS_AS(nic_params(c), ModelError);
}
