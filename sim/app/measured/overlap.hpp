// GEMMs on one stream beside copies on another.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

namespace tessera::measured {

// What of an "overlap" case of kernels.json is asked.
enum class Overlapping { gemm, copy };

// Speed of one of the two beside the other, relative to alone, as the measuring program sees it: replays of a graph of
// eight GEMMs, or copies, in front of a longer queue of the other, which was launched first. Both queues run through
// the replay. Fills everything but id and pointer. ConfigError for members that are missing or impossible.
void read_overlap(const JsonCursor& c, Case& out, Overlapping asked);

}  // namespace tessera::measured
