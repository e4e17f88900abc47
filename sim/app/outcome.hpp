// A variant's result set against the baseline's: speed-up, its bound, what vanished and what appeared.
#pragma once

#include "models/proposals/selection.hpp"
#include "sim/result/run_result.hpp"

#include <functional>
#include <string>
#include <vector>

namespace tessera {

// The most that `active` together could gain on `baseline` at the SM clock that the variant settled at.
//
// The bound's time is the baseline's, less what each proposal could remove at most (Proposal::bound on the variant's
// system), summed. A variant that draws less power may clock higher: a baseline that ran at f0 is first given f0 / f of
// its time if the variant settled at f > f0. What no proposal removes bounds the time from below:
// - each stream runs its kernels one after another, so the time is at least their sum alone on the whole GPU, less what
//   the proposals could remove from that stream (Proposal::bound of a baseline that has only that stream's spans);
// - the Tensor Cores' work stays and does not exceed their peak: flops / (FP8 rate of all SMs at the highest clock).
struct VariantBound {
    double speedup = 1.0;
    std::string reason;
};
VariantBound bound_of(const RunResult& baseline, const RunResult& variant, const std::vector<ActiveProposal>& active,
                      const SystemConfig& system);

// Of a composed workload (RunResult::parts): `recompose` gives the whole's time when each part takes its own bound.
using Recompose = std::function<Time(const std::vector<Time>& parts)>;
VariantBound bound_of(const RunResult& baseline, const RunResult& variant, const std::vector<ActiveProposal>& active,
                      const SystemConfig& system, const Recompose& recompose);

// Per operator class, what `before` has more of than `after`: time, kernels, bytes, operations, energy. Classes that
// shrink in nothing are left out. Swap the arguments for what appeared.
std::vector<ClassTotal> surplus(const RunResult& before, const RunResult& after);

// `recompose` is asked if the baseline has parts.
VariantOutcome outcome_of(const RunResult& baseline, RunResult variant, const std::vector<ActiveProposal>& active,
                          const SystemConfig& system, const Recompose& recompose = {});

}  // namespace tessera
