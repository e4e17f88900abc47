// Sweeps of one switch at a time, and of the proposals' switches against each other.
#pragma once

#include "sim/app/numerics_experiment.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

enum class NumericsAxis : std::uint8_t {
    bits,       // accumulator bits 10..34, no promotion, one scale per operand
    promotion,  // 32 .. 2048 and never, one scale per operand
    group,      // scales every 16 .. 512 elements, applied at promotion and inside the Tensor Core
    scale,      // FP32, power-of-two and UE8M0 scales, both ways of applying them
    inside      // group-scaled MMA with 13 .. 34 bits
};
std::string_view to_string(NumericsAxis a);
const std::vector<NumericsAxis>& numerics_axes();
NumericsAxis numerics_axis_named(std::string_view name, const std::string& where);  // ConfigError

struct NumericsSweep {
    NumericsProblem problem;  // its data is replaced by each of `data`
    NumericsSwitch base;      // what the axis does not change
    std::vector<NumericsAxis> axes = numerics_axes();
    std::vector<numerics::Distribution> data = {numerics::Distribution::normal, numerics::Distribution::same_sign};
};

struct NumericsPoint {
    NumericsAxis axis = NumericsAxis::bits;
    std::string label;  // of the point on its axis: "13", "never", "1x32 inside"
    NumericsOutcome outcome;
    // No other point of the same data has both less error and less time: by the error of the arithmetic, by the whole.
    bool pareto_arithmetic = false, pareto_whole = false;
};

// The switches of an axis, in order; those that the shape does not allow are left out.
std::vector<std::pair<std::string, NumericsSwitch>> axis_switches(NumericsAxis axis, const NumericsProblem& problem,
                                                                  const NumericsSwitch& base);

// `timed`: the system whose time is added to every point; nullptr for none. `step` is called after each point with
// the number of points.
std::vector<NumericsPoint> run_numerics_sweep(const NumericsSweep& sweep, const SystemConfig* timed,
                                              const std::function<void(std::size_t)>& step = {});

}  // namespace tessera
