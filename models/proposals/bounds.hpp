// Upper limits on what a proposal can gain, computed from the baseline's timeline.
//
// Argument: taking a kernel off a stream can shorten the wall by at most the time that kernel occupied, plus the
// launch gap behind it, plus the contention it caused to its neighbours (their time beyond running alone). Other
// ranks may hold more rows than rank 0, so that the slowest rank gains more than rank 0 sees: the sums are scaled by
// the longest wait of a barrier relative to the wall. A kernel that only becomes faster counts with the share that
// can vanish.
#pragma once

#include <functional>

#include "models/proposals/proposal.hpp"

namespace tessera {

// Share of a span's time that the proposal could remove, 0..1.
using RemovableShare = std::function<double(const Span&)>;

// Sum over rank 0's spans of share x (time + gap), plus the contention of all other spans, never above the wall.
Time removable_time(const RunResult& baseline, const SystemConfig& system, const RemovableShare& share);

// Wall time beyond the kernels of the busiest stream alone, communication apart: waiting, contention, gaps and every
// exchange that is not hidden. Nothing that only improves the exchange can save more at the same clock.
Time beyond_compute(const RunResult& baseline);

// Waiting for other ranks in barriers, which shrinks when every rank's compute does.
Time barrier_wait(const RunResult& baseline);

}  // namespace tessera
