#include "sim/base/text.hpp"
#include "sim/report/console.hpp"
#include "sim/report/document.hpp"
#include "sim/report/format.hpp"
#include "sim/sweep/results.hpp"

#include <algorithm>

namespace tessera::sweep {
namespace {

using report::Cell;
using report::number_cell;
using report::Table;
using report::text_cell;

constexpr std::size_t most_rows = 10;

Cell ms(double s) { return number_cell(report::fixed(s * 1e3, 2), s); }
Cell factor(double f) { return number_cell(report::factor(f), f); }

std::string settings_text(const Plan& plan, std::size_t point) {
    std::vector<std::string> parts;
    for (const Setting& s : plan.settings(point)) {
        std::string value = s.value;
        value.erase(std::remove(value.begin(), value.end(), '"'), value.end());
        parts.push_back(s.path.substr(s.path.rfind('.') + 1) + " " + value);
    }
    return join(parts, ", ");
}

Table fastest(const Outcomes& outcomes, const Analysis& a) {
    std::vector<Measured> points = measured(outcomes);
    std::sort(points.begin(), points.end(), [](const Measured& x, const Measured& y) {
        return x.time_s != y.time_s ? x.time_s < y.time_s : x.point < y.point;
    });
    Table t;
    t.columns = {"point", "time (ms)", "speed-up", "energy (J)", "front", "settings"};
    for (std::size_t i = 0; i < points.size() && i < most_rows; ++i) {
        const std::size_t p = points[i].point;
        const double energy = outcomes.at(p).result.find("energy_j")->as_double();
        const bool front = std::find(a.pareto.begin(), a.pareto.end(), p) != a.pareto.end();
        t.rows.push_back({number_cell(std::to_string(p), static_cast<double>(p)), ms(points[i].time_s),
                          factor(a.reference_time_s / points[i].time_s), number_cell(report::fixed(energy, 2), energy),
                          text_cell(front ? "yes" : ""), text_cell(settings_text(outcomes.plan(), p))});
    }
    return t;
}

Table effects_table(const Analysis& a) {
    Table t;
    t.columns = {"axis", "swing (ms)", "fastest at", "slowest at"};
    for (const Effect& e : a.effects) {
        if (e.levels.empty()) { continue; }
        const auto [low, high] =
            std::minmax_element(e.levels.begin(), e.levels.end(),
                                [](const Level& x, const Level& y) { return x.mean_time_s < y.mean_time_s; });
        t.rows.push_back({text_cell(e.path), ms(e.swing_s), text_cell(low->value), text_cell(high->value)});
    }
    return t;
}

Table shapley_table(const Attribution& a) {
    Table t;
    t.columns = {"proposal", "Shapley value (ms)"};
    std::vector<std::size_t> order(a.proposals.size());
    for (std::size_t i = 0; i < order.size(); ++i) { order[i] = i; }
    std::stable_sort(order.begin(), order.end(), [&](auto x, auto y) { return a.shapley_s[x] > a.shapley_s[y]; });
    for (const std::size_t i : order) { t.rows.push_back({text_cell(a.proposals[i]), ms(a.shapley_s[i])}); }
    return t;
}

Table best_table(const Attribution& a) {
    Table t;
    t.columns = {"only k", "time (ms)", "speed-up", "build these"};
    for (std::size_t k = 0; k < a.best.size(); ++k) {
        t.rows.push_back({number_cell(std::to_string(k), static_cast<double>(k)), ms(a.best[k].time_s),
                          factor(a.best[k].speedup), text_cell(join(a.best[k].proposals, ", "))});
    }
    return t;
}

}  // namespace

std::string summary_text(const Outcomes& outcomes, const Analysis& a) {
    const SweepConfig& config = outcomes.plan().config();
    std::string out = config.name + ": " + std::to_string(outcomes.plan().size()) + " points, " +
                      std::to_string(a.done) + " simulated, " + std::to_string(a.filtered) + " filtered, " +
                      std::to_string(a.skipped) + " skipped, " + std::to_string(a.limited) + " over a limit\n" +
                      "reference: " + report::fixed(a.reference_time_s * 1e3, 2) + " ms\n\n";
    out += report::to_text(fastest(outcomes, a));
    if (!a.effects.empty()) { out += "\n" + report::to_text(effects_table(a)); }
    if (a.attribution) {
        out +=
            "\n" + report::to_text(shapley_table(*a.attribution)) + "\n" + report::to_text(best_table(*a.attribution));
    }
    return out;
}

}  // namespace tessera::sweep
