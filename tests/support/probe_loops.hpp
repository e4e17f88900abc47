// Loops that the tests of probes ask for, and a system with round numbers for them.
#pragma once

#include "models/sm/probe_loops.hpp"
#include "tests/support/round_system.hpp"

namespace tessera::testing {

inline const Frequency ghz = megahertz(1000);

inline WgmmaLoop wgmmas(int n, int warpgroups, bool drain) {
    WgmmaLoop loop;
    loop.n = n;
    loop.warpgroups = warpgroups;
    loop.drain = drain;
    loop.iterations = 10;
    return loop;
}

// L2 hit of 6400 B in 325 cycles, 100 of TMA overhead.
inline SystemConfig with_producer() {
    SystemConfig c = round_system();
    c.tma.producer_issue = cycles(50);
    c.tma.producer_wait = cycles(30);
    c.tma.producer_wake = cycles(20);
    return c;
}

}  // namespace tessera::testing
