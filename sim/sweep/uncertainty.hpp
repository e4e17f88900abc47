// How sure a speed-up is: what the assumed values of the system and of the proposals make of it, and the model's own
// error.
#pragma once

#include "sim/report/uncertainty.hpp"
#include "sim/sweep/sweep.hpp"

#include <string>
#include <vector>

namespace tessera::sweep {

// What is judged against the reference, the base without proposals.
struct Candidate {
    std::string id;
    std::vector<Setting> settings;
};

struct UncertaintyOptions {
    int samples = 16;  // at least 4
    int jobs = 1;
    double model_error = 0;  // share by which the ratio of two kernels' times is off, 90 of 100 times
    std::uint64_t seed = 1;
    ProgressFn progress;
    TimerFactory devices;  // empty: the simulated device
};

// Each assumed value of the base's system (sim/config/ranges.hpp) and of the candidates' proposals is drawn from its
// range by one Latin hypercube: half of the draws below the nominal value, half above, evenly; counts and sizes are
// low, nominal or high. For every draw the reference and all candidates are simulated.
//
// A band holds the middle 90 % of the speed-ups, widened by the model's error: in the root of the sum of squares, the
// error of a ratio times the root of the sum over operator classes of the squared share of the time that the candidate
// changes by more than 1 % (errors of classes are taken as independent of each other, those within a class as one).
//
// An assumption's weight is Spearman's rank correlation with the speed-up over the draws; its swing the mean speed-up
// of the half of the draws in which it is largest less that of the other half.
//
// Draws that do not hold together as a configuration are left out and counted. ConfigError: fewer than 4 are left, or
// the candidates are wrong by themselves. ModelError: the nominal values cannot be simulated.
report::Uncertainty assess(const SweepConfig& base, const std::vector<Candidate>& candidates,
                           const UncertaintyOptions& options);

// Spearman's rank correlation, equal values sharing their mean rank; 0 if either does not vary.
double rank_correlation(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace tessera::sweep
