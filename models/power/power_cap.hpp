// The clock under a power cap. The board controller lowers the SM clock until idle plus dynamic power stays
// under the cap; the supply follows the clock, so power falls faster than the clock does.
#pragma once

#include "models/power/energy.hpp"
#include "sim/ir/clock_model.hpp"

namespace tessera {

// Duration of the activity at `clock`: its clock-scaled part grows with 1 / clock.
Time duration_at(const Activity& activity, Frequency clock);

// Idle power plus dynamic energy at the supply of `clock` over the duration at `clock`.
Power board_power(const PowerConfig& power, const Activity& activity, Frequency clock);

// Highest clock, at most max_clock (tensor_max_clock when the Tensor Cores are loaded), at which board_power
// stays under the cap; to 1 Hz, the same for the same input. Never rises when energy rises, never falls
// when the cap rises. Below min_clock the supply stays at volts_at_min and the clock alone falls further.
// ModelError: an activity without duration, a cap not above idle, or power outside the SM's clock (HBM, links)
// that exceeds the cap at any clock.
Frequency clock_under_cap(const PowerConfig& power, const Activity& activity);

// The seam to replay over one PowerConfig.
class PowerCap : public ClockModel {
public:
    explicit PowerCap(const PowerConfig& power);  // ModelError if the configuration is inconsistent
    Frequency clock(const Activity& activity) const override;
    EnergyUse at_clock(const EnergyUse& energy, Frequency from, Frequency to) const override;
    Power board_power(const Activity& activity, Frequency clock) const override;

private:
    PowerConfig power_;
};

}  // namespace tessera
