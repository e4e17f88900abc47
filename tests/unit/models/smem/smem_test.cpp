#include "models/smem/smem.hpp"

#include "sim/base/error.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

TEST_CASE("an access takes its bytes over the bandwidth and the latency") {
    Bench bench(round_system());
    CHECK(bench.smem().access(0, bytes(1280), 1.0, Time::zero()) == nanoseconds(10 + 20));
    CHECK(bench.smem().access(1, bytes(1280), 4.0, Time::zero()) == nanoseconds(40 + 20));
}

TEST_CASE("accesses of one SM queue: blocked until the port is free, free at that instant") {
    Bench bench(round_system());
    bench.smem().access(0, bytes(1280), 1.0, Time::zero());
    CHECK(bench.smem().access(0, bytes(128), 1.0, nanoseconds(9)) == nanoseconds(11 + 20));
    CHECK(bench.smem().access(0, bytes(128), 1.0, nanoseconds(11)) == nanoseconds(12 + 20));
    CHECK(bench.smem().stats().busy == nanoseconds(12));
    CHECK(bench.smem().stats().bytes == bytes(1280 + 256));
}

TEST_CASE("counted bytes take no time") {
    Bench bench(round_system());
    bench.smem().count(0, bytes(100));
    CHECK(bench.smem().stats().bytes == bytes(100));
    CHECK(bench.smem().stats().busy == Time::zero());
}

TEST_CASE("a conflict degree below one is our bug") {
    Bench bench(round_system());
    CHECK_THROWS_AS(bench.smem().access(0, bytes(128), 0.5, Time::zero()), InternalError);
}
