#include "models/tensor_core/tensor_core.hpp"

#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

TEST_CASE("groups of one SM follow each other, of two SMs run side by side") {
    Bench bench(round_system());
    MmaShape s;
    s.n = 128;
    s.k = 128;  // 256 cycles, 10 of latency
    CHECK(bench.tensor().mma(0, s, Time::zero()) == nanoseconds(266));
    CHECK(bench.tensor().mma(0, s, nanoseconds(255)) == nanoseconds(512 + 10));
    CHECK(bench.tensor().mma(1, s, nanoseconds(256)) == nanoseconds(512 + 10));
    CHECK(bench.tensor().stats().busy == nanoseconds(3 * 256));
    CHECK(bench.tensor().stats().macs == Approx(3.0 * 64 * 128 * 128));
    CHECK(bench.tensor().smem_bytes(s) == Approx((64 + 128) * 128));
}
