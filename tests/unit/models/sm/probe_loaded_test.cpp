#include "models/device/probes.hpp"
#include "sim/base/error.hpp"
#include "tests/support/probe_loops.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::ghz;
using tessera::testing::round_system;

TEST_CASE("a chase alone takes near latency, HBM's and a line's time on a channel a hop") {
    LoadedChase loop;
    loop.hops = 40;
    CHECK(probe_cycles(round_system(), ghz, loop) / loop.hops == Approx(200 + 200 + 12.8).margin(1));
}

TEST_CASE("SMs that stream make the chase slower, less so if they rest between their loads") {
    const auto beside = [](int loaders, double delay) {
        LoadedChase loop;
        loop.loaders = loaders;
        loop.delay = delay;
        return probe_cycles(round_system(), ghz, loop);
    };
    CHECK(beside(3, 0) > 1.5 * beside(0, 0));
    CHECK(beside(3, 50000) < beside(3, 0));
    LoadedChase everywhere;
    everywhere.loaders = 4;  // of four SMs: none is left to chase
    CHECK_THROWS_AS(probe_cycles(round_system(), ghz, everywhere), ModelError);
}
