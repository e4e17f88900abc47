// What of a working set the L1 of an SM misses, when one thread walks it round and round.
#pragma once

#include "sim/config/system_config.hpp"

namespace tessera {

// Share of the loads of a chase over `footprint` bytes, 0..1. A set that would have to hold one line more than it can
// replaces each before it comes round: every line beyond the capacity misses, and `l1_ways` others with it.
double l1_misses(Bytes footprint, const SharedMemoryConfig& l1);

}  // namespace tessera
