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

TEST_CASE("one wgmma alone takes the idle unit's latency, a run of them drains after the last multiplication") {
    SystemConfig c = round_system();
    c.sm.tensor.wgmma_latency = cycles(62);
    c.sm.tensor.wgmma_alone = cycles(73);
    c.sm.tensor.wgmma_register_a = cycles(7);
    Bench bench(c);
    MmaShape s;
    s.n = 8;
    s.k = 32;  // multiplies for 4 cycles, fetches operands for 18
    CHECK(bench.tensor().mma(0, s, Time::zero()) == nanoseconds(73 + 4));
    for (int i = 1; i < 3; ++i) { bench.tensor().mma(0, s, Time::zero()); }
    CHECK(bench.tensor().mma(0, s, Time::zero()) == nanoseconds(3 * 18 + 4 + 62));  // measured: 120.1
    s.a_in_registers = true;
    CHECK(bench.tensor().mma(1, s, Time::zero()) == nanoseconds(73 - 7 + 4));
}
