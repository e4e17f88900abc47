#include "models/smem/l1.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("each line beyond the capacity misses with the others of its set, until all do") {
    SharedMemoryConfig c;
    c.l1_latency = cycles(32);
    c.l1_capacity = kib(200);
    c.l1_ways = 4;
    CHECK(l1_misses(kib(100), c) == 0);
    CHECK(l1_misses(kib(200), c) == 0);
    CHECK(l1_misses(kib(210), c) == Approx(10.0 * 5 / 210));
    CHECK(l1_misses(kib(250), c) == Approx(1));
    CHECK(l1_misses(kib(900), c) == 1);
    CHECK_THROWS_AS(l1_misses(kib(1), SharedMemoryConfig{}), ModelError);
}
