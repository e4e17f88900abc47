// Chunks that pass through legs one after another (tandem queue): while a chunk is on one leg the next is on the leg
// before, so the slowest leg sets the pace and the others add the time to fill and drain.
#pragma once

#include "sim/base/units.hpp"
#include "sim/ir/kernel_result.hpp"

#include <vector>

namespace tessera {

struct Leg {
    const char* label = "";
    Limiter limiter = Limiter::none;
    Time busy{};        // for all chunks together
    double chunks = 1;  // into which the leg's work is cut, >= 1: what it hands on at a time
    Time latency{};     // after the leg's work, overlapped between chunks
};

// Time from the start of the first chunk on the first leg to the end of the last on the last: the slowest leg works
// without a pause, each of the others adds one chunk, every leg its latency. Exact for unlimited buffers and legs of
// equally many equal chunks (sum of t_i + (n - 1) max t_i); else a bound from below that is tight while chunks are
// small.
Time pipeline_time(const std::vector<Leg>& legs);

// The leg that sets the pace; the first of equals. InternalError if there is none.
const Leg& slowest(const std::vector<Leg>& legs);

}  // namespace tessera
