#include "models/sm/steady_rate.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

// Waves to warm up, to measure over (write batches and refresh beat over tens of them) and to leave for the end.
constexpr double kWarmWaves = 8, kTailWaves = 5;
constexpr std::int64_t kMeasuredWaves = 64;

}  // namespace

SteadyRate::SteadyRate(double wave, double fill) : wave_(wave), warm_(std::max(kWarmWaves * wave, fill)) {}

std::optional<double> SteadyRate::done(double work, std::size_t lane, Time now) {
    work_ += work;
    if (state_ == State::warming && work_ >= warm_) {
        state_ = State::measuring;
        from_ = work_;
        start_ = now;
        lane_ = lane;
    } else if (state_ == State::measuring && lane == lane_ && ++laps_ >= kMeasuredWaves) {
        state_ = State::known;
        return (work_ - from_) / static_cast<double>((now - start_).raw());
    }
    return std::nullopt;
}

double SteadyRate::skippable(double left) const { return std::max(0.0, std::floor(left / wave_ - kTailWaves) * wave_); }

}  // namespace tessera
