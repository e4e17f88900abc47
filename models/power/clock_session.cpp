#include "models/power/clock_session.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

PowerConfig at_the_moment(PowerConfig power) {
    power.cap = std::max(power.cap, power.peak);
    return power;
}

}  // namespace

ClockSession::ClockSession(const PowerConfig& power)
    : slow_(power), fast_(at_the_moment(power)), controller_(power.max_clock.raw()) {
    if (power.cap_fall < Time::zero() || power.cap_rise < Time::zero()) {
        throw ModelError("power: the controller's time constants must not be negative");
    }
}

Frequency ClockSession::run(const Activity& activity, Time window) {
    const double allowed = clock_under_cap(slow_, activity).raw();
    const double ceiling = clock_under_cap(fast_, activity).raw();
    const double tau = to_seconds(allowed < controller_ ? slow_.cap_fall : slow_.cap_rise);
    const double length = to_seconds(window);
    if (length <= 0 || tau <= 0) {
        controller_ = allowed;
        return hertz(allowed);
    }
    const double off = controller_ - allowed;  // decays as exp(-t / tau)
    // The controller stands above the ceiling until `held`.
    double held = 0;
    if (controller_ > ceiling) {
        held = ceiling > allowed ? std::min(length, tau * std::log(off / (ceiling - allowed))) : length;
    }
    const double then = off * std::exp(-held / tau);
    const double rest = length - held;
    const double area = ceiling * held + allowed * rest + then * tau * (1 - std::exp(-rest / tau));
    controller_ = allowed + off * std::exp(-length / tau);
    return hertz(std::min(area / length, ceiling));
}

}  // namespace tessera
