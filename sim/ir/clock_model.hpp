// The third seam between replay and the hardware models: which SM clock a running mix of kernels gets.
#pragma once

#include "sim/base/units.hpp"
#include "sim/ir/kernel_result.hpp"

namespace tessera {

// What runs during a stretch of time, as far as power is concerned. For kernels that overlap, `energy` is the
// sum over them and the times describe the stretch, not the sum of the kernels' times.
struct Activity {
    EnergyUse energy;       // dynamic energy of the whole stretch at `reference` and its supply voltage
    Frequency reference{};  // SM clock at which energy and times are given
    Time clock_time{};      // part of the stretch that scales with 1 / SM clock
    Time fixed_time{};      // part that does not (HBM, links, gaps)
    bool tensor = false;    // Tensor Cores are loaded: the clock ceiling is tensor_max_clock
};

class ClockModel {
public:
    virtual ~ClockModel() = default;
    // Highest SM clock at which idle plus dynamic power of `activity` stays under the power cap.
    virtual Frequency clock(const Activity& activity) const = 0;
    // Dynamic energy given at SM clock `from`, restated at `to` (other supply voltage).
    virtual EnergyUse at_clock(const EnergyUse& energy, Frequency from, Frequency to) const = 0;
    // Power of the whole board while `activity` runs at `clock`.
    virtual Power board_power(const Activity& activity, Frequency clock) const = 0;
};

}  // namespace tessera
