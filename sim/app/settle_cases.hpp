// Measured cases at the clock that the power model gives them instead of the one measured.
#pragma once

#include "sim/app/price_launches.hpp"
#include "sim/ir/clock_model.hpp"

#include <vector>

namespace tessera {

struct SettledCase {
    Frequency clock{};                // the SM clock the case settles at; zero if it has nothing to settle
    Power power{};                    // mean over a repetition, whole board
    std::vector<LaunchPrice> prices;  // of its launches at that clock
};

// What one repetition of a case's launches, gaps included, is to the power model; the prices hold at `clock`.
Activity activity_of(const std::vector<LaunchPrice>& prices, Time overhead, Frequency clock);

// Prices given at `from` restated at `to`: the part of the time that scales with the clock is stretched, the energy
// is that of the other supply.
std::vector<LaunchPrice> restated(std::vector<LaunchPrice> prices, Frequency from, Frequency to,
                                  const ClockModel& clocks);

// Each case as a kernel, or a sequence, replayed back to back for its window, in the order in which they were measured:
// simulated at the sustained clock, then at the mean clock that its power there allows, and restated from there to
// where it ends up. The measured clocks are not used. A case with a problem, a probe or a refused launch has no clock.
std::vector<SettledCase> settle_cases(std::vector<measured::Case> cases, const SystemConfig& system, bool exact,
                                      int jobs, const ProgressFn& progress = {});

}  // namespace tessera
