#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/chart_parts.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/format.hpp"

#include <algorithm>

namespace tessera::report {
namespace {

constexpr std::size_t kColours = 8;
constexpr double kThin = 13, kBetween = 9;  // height of a bar, distance between groups

// Sets other than all-but-one, in the order in which the comparisons name them.
std::vector<std::string> groups_of(const std::vector<const Comparison*>& comparisons) {
    std::vector<std::string> ids;
    for (const Comparison* c : comparisons) {
        for (const VariantOutcome& v : c->variants) {
            const bool known = std::find(ids.begin(), ids.end(), v.result.id) != ids.end();
            if (!known && kind_of(v) != VariantKind::all_but_one) { ids.push_back(v.result.id); }
        }
    }
    return ids;
}

std::string colour(std::size_t i) { return "f" + std::to_string(i); }

}  // namespace

Figure grouped_speedup_chart(const std::vector<const Comparison*>& comparisons,
                             const std::vector<std::string>& labels) {
    const std::vector<std::string> ids = groups_of(comparisons);
    if (ids.empty() || comparisons.size() > kColours) { return {}; }
    std::vector<const VariantOutcome*> shown;
    for (const Comparison* c : comparisons) {
        for (const std::string& id : ids) {
            if (const VariantOutcome* v = find_variant(*c, id)) { shown.push_back(v); }
        }
    }
    const Axis axis = speedup_axis(shown);
    const double group = kThin * static_cast<double>(comparisons.size()) + kBetween;
    const double bottom = 8 + group * static_cast<double>(ids.size());
    Svg svg(kWidth, bottom + 62, "Speed-up of each variant in " + join(labels, ", "));
    draw_grid(svg, axis, 4, bottom, axis_decimals(axis.high - axis.low), "\u00d7");
    double y = 8;
    for (const std::string& id : ids) {
        svg.text(kLabels - 8, y + (group - kBetween) / 2 + 4, id, "end");
        double top = y;
        for (std::size_t i = 0; i < comparisons.size(); ++i, top += kThin) {
            const VariantOutcome* v = find_variant(*comparisons[i], id);
            if (v == nullptr) { continue; }
            const double a = axis.x(std::min(1.0, v->speedup)), b = axis.x(std::max(1.0, v->speedup));
            svg.rect(a, top, b - a, kThin - 1, colour(i), labels[i] + ", " + id + ": " + factor(v->speedup));
            svg.text(b + 5, top + kThin - 3, factor(v->speedup), "s");
        }
        y += group;
    }
    svg.line(axis.x(1.0), 2, axis.x(1.0), bottom, "axis");
    std::vector<std::pair<std::string, std::string>> entries;
    for (std::size_t i = 0; i < labels.size(); ++i) { entries.emplace_back(labels[i], colour(i)); }
    legend(svg, bottom + 36, entries);
    return {svg.finish(), "Speed-up over the baseline of the same result; bars in the order of the legend."};
}

}  // namespace tessera::report
