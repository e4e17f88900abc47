// What a warp adds to the latency of memory when it loads in batches and waits for each.
#pragma once

#include <cmath>
#include <cstdint>

namespace tessera {

// Instructions between the last load's data and the next loads: H200 micro B.little_vec, 128 threads, one load a
// thread: 770 cycles a turn where a chase needs 657 (A.hbm_chase_cold).
inline constexpr double warp_turn_cycles = 20.0;

// A warp waits for the slowest load of its batch: each doubling of the loads takes so much longer. H200 micro
// B.little_vec, 128 to 512 threads, 1, 2, 4, 8 loads a thread: 763 to 771, 809 to 880, 912 to 947, 1,044 to 1,105
// cycles a turn.
inline double slowest_load_cycles(double loads) { return 78.0 * std::log2(loads); }

}  // namespace tessera
