#include "models/device/transfer_timer.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

TEST_CASE("a transfer loop's time holds no launch") {
    TransferDesc t;
    t.region = t.moved = bytes(1 << 20);
    t.step = bytes(4096);
    t.lanes = 8;
    t.blocks = 4;
    const Time time = time_transfer(round_system(), t, {});
    // 1 MiB at HBM's 40 B/ns and a latency.
    CHECK(time > nanoseconds((1 << 20) / 40.0));
    CHECK(time < nanoseconds((1 << 20) / 40.0 + 2000));
    t.place = TransferPlace::balanced;
    CHECK(time_transfer(round_system(), t, {}) == time);
}

TEST_CASE("more blocks than SMs are refused") {
    TransferDesc t;
    t.region = t.moved = t.step = bytes(4096);
    t.blocks = 5;
    CHECK_THROWS_AS(time_transfer(round_system(), t, {}), ModelError);
}
