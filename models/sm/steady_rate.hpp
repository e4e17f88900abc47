// Finds the steady rate of a kernel that repeats itself in waves, so that most of them can be skipped.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <optional>

namespace tessera {

class SteadyRate {
public:
    // `wave`: work that one round of all lanes does; `fill`: work after which the caches are as full, and as dirty, as
    // they stay. A kernel of fewer than some eighty waves ends before its rate is known, and nothing of it is skipped.
    explicit SteadyRate(double wave, double fill = 0);

    // `work` was done by `lane` at `now`. Once, when the rate is known, answers the work per femtosecond: measured
    // over whole rounds of one lane, which begin and end in the same place of the rhythm of the waves.
    std::optional<double> done(double work, std::size_t lane, Time now);

    // Whole waves of `left` work that may be skipped: enough stays for the end of the kernel.
    double skippable(double left) const;

private:
    enum class State : std::uint8_t { warming, measuring, known };
    double wave_, warm_;
    State state_ = State::warming;
    double work_ = 0, from_ = 0;
    Time start_{};
    std::size_t lane_ = 0;
    std::int64_t laps_ = 0;
};

}  // namespace tessera
