#include "models/power/power_cap.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

void check(const PowerConfig& power) {
    relative_supply(power, power.max_clock);  // throws on a curve that is not increasing
    if (!(power.idle < power.cap)) { throw ModelError("power: the cap must be above idle power"); }
    if (!(power.tensor_max_clock > Frequency::zero())) { throw ModelError("power: tensor_max_clock must be positive"); }
}

void check(const Activity& activity) {
    const bool sound = activity.reference > Frequency::zero() && activity.clock_time >= Time::zero() &&
                       activity.fixed_time >= Time::zero() &&
                       activity.clock_time + activity.fixed_time > Time::zero() &&
                       activity.energy.total() >= Energy::zero();
    if (!sound) { throw ModelError("power: an activity needs a duration, a reference clock and energy >= 0"); }
}

}  // namespace

Time duration_at(const Activity& activity, Frequency clock) {
    return activity.clock_time * (activity.reference / clock) + activity.fixed_time;
}

Power board_power(const PowerConfig& power, const Activity& activity, Frequency clock) {
    const EnergyUse use = energy_at_clock(activity.energy, power, activity.reference, clock);
    return power.idle + use.total() / duration_at(activity, clock);
}

Frequency clock_under_cap(const PowerConfig& power, const Activity& activity) {
    check(power);
    check(activity);
    const Frequency ceiling = activity.tensor ? std::min(power.max_clock, power.tensor_max_clock) : power.max_clock;
    if (board_power(power, activity, ceiling) <= power.cap) { return ceiling; }
    // One thousandth of the lowest clock stands for "stopped": what still exceeds the cap there never fits.
    double low = power.min_clock.raw() * 1e-3;
    double high = ceiling.raw();
    if (board_power(power, activity, hertz(low)) > power.cap) {
        throw ModelError("power: HBM, links and engines alone exceed the power cap at any SM clock");
    }
    while (high - low > 1.0) {
        const double middle = 0.5 * (low + high);
        (board_power(power, activity, hertz(middle)) <= power.cap ? low : high) = middle;
    }
    return hertz(low);
}

PowerCap::PowerCap(const PowerConfig& power) : power_(power) { check(power_); }

Frequency PowerCap::clock(const Activity& activity) const { return clock_under_cap(power_, activity); }

EnergyUse PowerCap::at_clock(const EnergyUse& energy, Frequency from, Frequency to) const {
    return energy_at_clock(energy, power_, from, to);
}

Power PowerCap::board_power(const Activity& activity, Frequency clock) const {
    return tessera::board_power(power_, activity, clock);
}

}  // namespace tessera
