#include "models/switch/nv_switch.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("without help every copy but the own GPU's crosses two links") {
    const SwitchCopies out = fan_out({}, 1000, 1600, 8);
    CHECK(out.sent == Approx(1400));
    CHECK(out.received == Approx(1400));
    const SwitchCopies in = fan_in({}, 1000, 1600, 8);
    CHECK(in.sent == Approx(1400));
    CHECK(in.received == Approx(1400));
}

TEST_CASE("multicast sends a row once, reduction lets it arrive once") {
    // 1000 rows of 2 members each on 8 GPUs: every row has a remote member.
    CHECK(fan_out({true, false}, 1000, 2000, 8).sent == Approx(1000));
    CHECK(fan_out({true, false}, 1000, 2000, 8).received == Approx(1750));
    CHECK(fan_in({false, true}, 1000, 2000, 8).sent == Approx(1750));
    CHECK(fan_in({false, true}, 1000, 2000, 8).received == Approx(1000));
    // Rows of one member: one in eight stays on its GPU, with or without multicast.
    CHECK(fan_out({true, false}, 1000, 1000, 8).sent == Approx(875));
}

TEST_CASE("a node of one GPU uses no link, impossible counts are refused") {
    CHECK(fan_out({true, true}, 10, 10, 1).sent == 0);
    CHECK(fan_in({}, 10, 10, 1).received == 0);
    CHECK_THROWS_AS(fan_out({}, 10, 5, 8), ModelError);
    CHECK_THROWS_AS(fan_in({}, 1, 2, 0), ModelError);
}
