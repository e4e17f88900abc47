// What the bar charts share: their measures, an axis with its grid, a legend.
#pragma once

#include "sim/report/svg.hpp"
#include "sim/result/run_result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera::report {

// In units of the picture: labels to the left of the bars, values to their right, one row per bar.
constexpr double kWidth = 1000, kLabels = 190, kValues = 165, kRow = 24, kBar = 15;
constexpr double kPlot = kWidth - kLabels - kValues;

// A horizontal axis in data units.
struct Axis {
    double low, high;
    double x(double v) const { return kLabels + kPlot * (v - low) / (high - low); }
};

// Decimals that tell the ticks of an axis apart.
int axis_decimals(double range);
void draw_grid(Svg& svg, const Axis& axis, double top, double bottom, int decimals, const std::string& unit);
// Name and colour class of each entry from `y` downwards; the result is the last line's place.
double legend(Svg& svg, double y, const std::vector<std::pair<std::string, std::string>>& entries);

// Wide enough for every bar; bounds far beyond the best bar are cut off so that the bars stay readable.
Axis speedup_axis(const std::vector<const VariantOutcome*>& variants);

}  // namespace tessera::report
