// The SM clock over a series of measurements. Two limits act: one on the power of the moment, at once, and the cap on
// the power that a slow controller averages. A kernel repeated for some milliseconds therefore runs faster than one
// repeated for a second, and what ran before it tells how fast. Between measurements, while the board idles, the
// controller stays where it is.
#pragma once

#include "models/power/power_cap.hpp"

namespace tessera {

class ClockSession {
public:
    // Starts rested, at the highest clock. ModelError if the configuration is inconsistent.
    explicit ClockSession(const PowerConfig& power);

    // Mean SM clock while `activity` is repeated without pause for `window`, after which the next one begins. Zero:
    // for so long that the controller has settled (clock_under_cap). The controller's clock approaches the one that
    // the cap allows exponentially, with cap_fall when it falls and cap_rise when it rises; the board follows it
    // unless the limit of the moment is lower. ModelError as clock_under_cap.
    Frequency run(const Activity& activity, Time window);

private:
    PowerConfig slow_, fast_;
    double controller_;  // Hz
};

}  // namespace tessera
