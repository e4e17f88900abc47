// What a finished sweep says: which points nobody beats, and what each axis is worth.
#pragma once

#include "sim/sweep/sweep.hpp"

#include <string>
#include <vector>

namespace tessera::sweep {

// The numbers of one point that the analysis looks at, and nothing else: a sweep may have many points.
struct Measured {
    std::size_t point = 0;
    double time_s = 0;
    std::vector<double> objectives;  // in the order of the sweep's
};
// Points that were simulated, in order.
std::vector<Measured> measured(const Outcomes& outcomes);

// Points that no other point beats in one objective without losing in another, ascending by the first objective and
// then by number; of points that are equal in all the first.
std::vector<std::size_t> pareto_front(std::vector<Measured> points);

// The mean time over all points at one level of an axis. A range of more than `most_levels` values is cut into that
// many equal parts (of its logarithm if it is logarithmic); the level is then the middle of the part.
inline constexpr std::size_t most_levels = 8;
struct Level {
    std::string value;  // JSON text
    double mean_time_s = 0;
    std::size_t points = 0;
};
struct Effect {
    std::string path;
    std::vector<Level> levels;  // in the order of the axis, those with points
    double swing_s = 0;         // largest less smallest mean
};
// One per axis, the largest swing first; none for a list of points.
std::vector<Effect> main_effects(const Plan& plan, const std::vector<Measured>& points);

// The mean time over the levels of the two axes with the largest swings; empty for fewer than two axes.
struct HeatMap {
    std::string down, across;                      // paths
    std::vector<std::string> rows, columns;        // JSON texts
    std::vector<std::vector<double>> mean_time_s;  // NaN where there is no point
};
HeatMap heat_map(const Plan& plan, const std::vector<Measured>& points, const std::vector<Effect>& effects);

}  // namespace tessera::sweep
