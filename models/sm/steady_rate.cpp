#include "models/sm/steady_rate.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

// Waves to warm up and to leave for the end; waves to measure over: a share of the kernel's, within bounds.
constexpr double kWarmWaves = 8, kTailWaves = 5;
constexpr std::int64_t kMeasuredShare = 6, kFewest = 8, kMost = 64;

}  // namespace

SteadyRate::SteadyRate(double wave, std::int64_t waves, double fill)
    : wave_(wave),
      warm_(std::max(kWarmWaves * wave, fill)),
      rounds_(std::clamp(waves / kMeasuredShare, kFewest, kMost)) {}

std::optional<double> SteadyRate::done(double work, std::size_t lane, Time now) {
    work_ += work;
    if (state_ == State::warming && work_ >= warm_) {
        state_ = State::measuring;
        from_ = work_;
        start_ = now;
        lane_ = lane;
    } else if (state_ == State::measuring && lane == lane_ && ++laps_ >= rounds_) {
        state_ = State::known;
        return (work_ - from_) / static_cast<double>((now - start_).raw());
    }
    return std::nullopt;
}

double SteadyRate::skippable(double left) const { return std::max(0.0, std::floor(left / wave_ - kTailWaves) * wave_); }

}  // namespace tessera
