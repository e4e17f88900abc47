#include "sim/report/chart_parts.hpp"

#include "sim/report/format.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::report {

void draw_grid(Svg& svg, const Axis& axis, double top, double bottom, int decimals, const std::string& unit) {
    const double step = tick_step(axis.high - axis.low, 7);
    for (double v = std::ceil(axis.low / step - 1e-9) * step; v <= axis.high + 1e-9 * step; v += step) {
        svg.line(axis.x(v), top, axis.x(v), bottom, "grid");
        svg.text(axis.x(v), bottom + 14, fixed(v, decimals) + unit, "s mid");
    }
}

int axis_decimals(double range) {
    const double step = tick_step(range, 7);
    return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
}

double legend(Svg& svg, double y, const std::vector<std::pair<std::string, std::string>>& entries) {
    double x = kLabels;
    for (const auto& [name, css] : entries) {
        const double width = 34 + 6.6 * static_cast<double>(name.size());
        if (x + width > kWidth) {
            x = kLabels;
            y += 18;
        }
        svg.rect(x, y - 9, 11, 11, css);
        svg.text(x + 16, y, name, "s");
        x += width;
    }
    return y;
}

Axis speedup_axis(const std::vector<const VariantOutcome*>& variants) {
    double low = 1, best = 1;
    for (const VariantOutcome* v : variants) {
        low = std::min(low, v->speedup);
        best = std::max(best, v->speedup);
    }
    const double most = 1 + 2.5 * std::max(best - 1, 0.01);
    double high = best;
    for (const VariantOutcome* v : variants) {
        if (v->bound_speedup <= most) { high = std::max(high, v->bound_speedup); }
    }
    const double pad = std::max(0.005, 0.04 * (high - low));
    return {low < 1 ? low - pad : 1.0, high + pad};
}

}  // namespace tessera::report
