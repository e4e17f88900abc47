#include "sim/sweep/page.hpp"

#include "sim/app/compare.hpp"
#include "sim/base/text.hpp"
#include "sim/report/format.hpp"
#include "sim/sweep/charts.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tessera::sweep {
namespace {

using namespace report;

constexpr std::size_t most_reasons = 20;

Cell count_cell(std::size_t n) { return number_cell(std::to_string(n), static_cast<double>(n)); }
Cell ms_cell(double s) { return number_cell(fixed(s * 1e3, 2), s * 1e3); }
Cell factor_cell(double f) {
    Cell cell = number_cell(factor(f), f);
    cell.tone = f < 1 ? Tone::bad : Tone::plain;
    return cell;
}
Cell figure_cell(const JsonValue* v, double scale, int decimals) {
    if (v == nullptr || v->is_null()) { return text_cell("\u2013"); }
    if (!v->is_object()) { return number_cell(fixed(scale * v->as_double(), decimals), scale * v->as_double()); }
    const double low = v->find("low")->as_double(), high = v->find("high")->as_double();
    const double nominal = v->find("nominal")->as_double();
    return number_cell(fixed(nominal, 0) + (high > low ? " (" + fixed(low, 0) + " to " + fixed(high, 0) + ")" : ""),
                       nominal);
}

std::string settings_text(const Plan& plan, std::size_t point) {
    std::vector<std::string> parts;
    for (const Setting& s : plan.settings(point)) {
        if (s.value == "false") { continue; }
        parts.push_back(short_path(s.path) + (s.value == "true" ? "" : " " + value_text(s.value)));
    }
    return parts.empty() ? "as it is" : join(parts, ", ");
}

Table points_table(const Outcomes& outcomes, const Analysis& a, const std::vector<std::size_t>& points) {
    Table t;
    t.columns = {"point",    "time (ms)",        "speed-up",        "energy (J)",   "power (W)", "added mm2",
                 "cost ($)", "speed-up / power", "per 100 mm2 (%)", "on the front", "settings"};
    for (const std::size_t p : points) {
        const JsonValue v = point_json(outcomes, p, a.reference);
        const auto cell = [&v](const char* name, double scale, int decimals) {
            return figure_cell(v.find(name), scale, decimals);
        };
        const bool front = std::find(a.pareto.begin(), a.pareto.end(), p) != a.pareto.end();
        t.rows.push_back({count_cell(p), cell("time_s", 1e3, 2), factor_cell(v.find("speedup")->as_double()),
                          cell("energy_j", 1, 2), cell("average_power_w", 1, 0), cell("area_mm2", 1, 1),
                          cell("cost_usd", 1, 0), cell("speedup_per_watt", 1, 3), cell("speedup_per_mm2", 1e4, 2),
                          text_cell(front ? "yes" : ""), text_cell(settings_text(outcomes.plan(), p))});
    }
    return t;
}

std::vector<std::size_t> fastest(std::vector<Measured> points) {
    std::sort(points.begin(), points.end(), [](const Measured& x, const Measured& y) {
        return x.time_s != y.time_s ? x.time_s < y.time_s : x.point < y.point;
    });
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < points.size() && i < most_table_rows; ++i) { numbers.push_back(points[i].point); }
    return numbers;
}

std::vector<Line> findings(const Outcomes& outcomes, const Analysis& a, const std::vector<std::size_t>& order) {
    std::vector<Line> lines;
    if (!order.empty()) {
        const double time = figure(outcomes.at(order.front()).result, "time_s");
        lines.push_back(Line("The fastest point, ")
                            .strong(std::to_string(order.front()))
                            .text(", takes " + fixed(time * 1e3, 2) + " ms, " + factor(a.reference_time_s / time) +
                                  " of the reference: " + settings_text(outcomes.plan(), order.front()) + "."));
    }
    if (!a.effects.empty() && a.effects[0].swing_s > 0) {
        lines.push_back(Line("Most depends on ")
                            .code(a.effects[0].path)
                            .text(": " + fixed(1e3 * a.effects[0].swing_s, 2) +
                                  " ms between the means at its best and its worst level."));
    }
    if (a.attribution && a.attribution->best.size() > 2) {
        const auto& best = a.attribution->best;
        lines.push_back(Line("If only one may be built: ")
                            .strong(join(best[1].proposals, ", "))
                            .text(", " + factor(best[1].speedup) + "; of two: ")
                            .strong(join(best[2].proposals, " and "))
                            .text(", " + factor(best[2].speedup) + "."));
    }
    return lines;
}

Section summary(const Outcomes& outcomes, const Analysis& a, const std::vector<std::size_t>& order) {
    Section s{"summary", "What to take away", {}};
    Tiles tiles;
    tiles.tiles.push_back({"reference", fixed(1e3 * a.reference_time_s, 2) + " ms", "the base as it is"});
    tiles.tiles.push_back({"points", std::to_string(outcomes.plan().size()),
                           std::to_string(a.done) + " simulated, " + std::to_string(a.filtered) + " filtered out, " +
                               std::to_string(a.skipped + a.limited) + " without a result"});
    if (!order.empty()) {
        const double time = figure(outcomes.at(order.front()).result, "time_s");
        tiles.tiles.push_back({"fastest", fixed(1e3 * time, 2) + " ms", factor(a.reference_time_s / time)});
    }
    tiles.tiles.push_back({"on the front", std::to_string(a.pareto.size()), "beaten by no other point"});
    s.push(std::move(tiles));
    return s.bullets(findings(outcomes, a, order));
}

Section front_section(const Outcomes& outcomes, const Analysis& a, const std::vector<Measured>& points) {
    Section s{"front", "The front", {}};
    if (points.empty()) { return s; }
    std::vector<std::string> names;
    for (const std::string& o : outcomes.plan().config().objectives) { names.push_back(quantity_of(o).name); }
    s.paragraph("Points that no other beats in " + join(names, ", ") + " without losing in another.");
    s.figure(front_chart(outcomes, a, points));
    std::vector<std::size_t> front = a.pareto;
    if (front.size() > most_table_rows) {
        front.resize(most_table_rows);
        s.paragraph("The table has the first " + std::to_string(most_table_rows) + " of " +
                    std::to_string(a.pareto.size()) + "; results.csv marks all.");
    }
    return s.table(points_table(outcomes, a, front));
}

Section axes_section(const Outcomes& outcomes, const Analysis& a, const std::vector<Measured>& points) {
    Section s{"axes", "What each axis is worth", {}};
    if (a.effects.empty() || points.empty()) { return s; }
    s.figure(tornado_chart(a));
    Table t;
    t.columns = {"axis", "level", "mean time (ms)", "points"};
    for (const Effect& e : a.effects) {
        for (const Level& l : e.levels) {
            t.rows.push_back(
                {code_cell(e.path), text_cell(value_text(l.value)), ms_cell(l.mean_time_s), count_cell(l.points)});
        }
    }
    Details every{"Every level of every axis", {}};
    every.blocks.push_back({std::move(t)});
    s.push(std::move(every));
    return s.figure(parallel_chart(outcomes, a, points));
}

Section heat_section(const HeatMap& map) {
    Section s{"heat-map", "The two axes that matter most", {}};
    if (map.rows.empty()) { return s; }
    double low = INFINITY, high = 0;
    for (const auto& row : map.mean_time_s) {
        for (const double v : row) {
            if (!std::isfinite(v)) { continue; }
            low = std::min(low, v);
            high = std::max(high, v);
        }
    }
    Table t;
    t.caption = "Mean time (ms) of the points at " + map.down + " (down) and " + map.across +
                " (across); blue is faster, orange slower.";
    t.columns = {short_path(map.down)};
    for (const std::string& c : map.columns) { t.columns.push_back(value_text(c)); }
    for (std::size_t r = 0; r < map.rows.size(); ++r) {
        std::vector<Cell> row{text_cell(value_text(map.rows[r]))};
        for (const double v : map.mean_time_s[r]) {
            row.push_back(std::isfinite(v) ? ms_cell(v) : text_cell("\u2013"));
            if (std::isfinite(v) && high > low) { row.back().heat = 1 - 2 * (v - low) / (high - low); }
        }
        t.rows.push_back(std::move(row));
    }
    return s.table(std::move(t));
}

Table best_table(const Attribution& a) {
    Table t;
    t.caption = "If you may build only k of them: the fastest set of each size.";
    t.columns = {"k", "time (ms)", "speed-up", "gain over k - 1 (ms)", "build these"};
    for (std::size_t k = 0; k < a.best.size(); ++k) {
        const double gain = k == 0 ? 0 : a.best[k - 1].time_s - a.best[k].time_s;
        t.rows.push_back({count_cell(k), ms_cell(a.best[k].time_s), factor_cell(a.best[k].speedup),
                          k == 0 ? text_cell("\u2013") : number_cell(signed_fixed(1e3 * gain, 2), gain),
                          text_cell(k == 0 ? "none" : join(a.best[k].proposals, ", "))});
    }
    return t;
}

Table pairs_table(const Attribution& a) {
    double most = 0;
    for (const auto& row : a.interactions_s) {
        for (const double v : row) { most = std::max(most, std::abs(v)); }
    }
    Table t;
    t.caption =
        "Shapley interaction of each pair (ms): below zero the two do the same work twice, above zero one "
        "needs the other.";
    t.columns = {"proposal"};
    t.columns.insert(t.columns.end(), a.proposals.begin(), a.proposals.end());
    for (std::size_t i = 0; i < a.proposals.size(); ++i) {
        std::vector<Cell> row{text_cell(a.proposals[i])};
        for (std::size_t j = 0; j < a.proposals.size(); ++j) {
            if (i == j) {
                row.push_back(text_cell("\u2013"));
                continue;
            }
            const double v = a.interactions_s[i][j];
            row.push_back(number_cell(signed_fixed(1e3 * v, 2), 1e3 * v));
            if (most > 0) { row.back().heat = v / most; }
        }
        t.rows.push_back(std::move(row));
    }
    return t;
}

Section attribution_section(const std::optional<Attribution>& a) {
    Section s{"attribution", "Which proposals to build", {}};
    if (!a) { return s; }
    s.table(best_table(*a));
    s.figure(shapley_chart(*a));
    return s.table(pairs_table(*a));
}

// Points without a result by their reason, the most frequent first.
Section left_out(const Outcomes& outcomes) {
    Section s{"left-out", "Points without a result", {}};
    std::map<std::string, std::pair<std::size_t, std::size_t>> reasons;  // how many, the first of them
    for (std::size_t p = 0; p < outcomes.plan().size(); ++p) {
        const Outcome o = outcomes.at(p);
        if (o.status != Status::done) {
            ++reasons.emplace(to_string(o.status) + ": " + o.reason, std::pair{0, p}).first->second.first;
        }
    }
    std::vector<std::pair<std::string, std::pair<std::size_t, std::size_t>>> order(reasons.begin(), reasons.end());
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& x, const auto& y) { return x.second.first > y.second.first; });
    Table t;
    t.columns = {"points", "first", "why"};
    t.wide_text = true;
    for (std::size_t i = 0; i < order.size() && i < most_reasons; ++i) {
        t.rows.push_back(
            {count_cell(order[i].second.first), count_cell(order[i].second.second), text_cell(order[i].first)});
    }
    if (order.size() > most_reasons) {
        s.paragraph(std::to_string(order.size()) + " different reasons; results.csv has them all.");
    }
    return s.table(std::move(t));
}

Section basis(const Outcomes& outcomes, const std::string& command) {
    Section s{"basis", "How it was made", {}};
    const SweepConfig& config = outcomes.plan().config();
    s.paragraph(Line("Again with ").code(command).text("; results.csv and results.json have every point."));
    Table t;
    t.columns = {"axis", "values"};
    t.wide_text = true;
    for (const Axis& a : config.axes) {
        std::vector<std::string> values;
        for (const std::string& v : a.values) { values.push_back(value_text(v)); }
        const std::string range = format_shortest(a.from) + " to " + format_shortest(a.to) + " " + a.unit +
                                  (a.logarithmic ? ", logarithmic" : "") +
                                  (a.count > 0 ? ", " + std::to_string(a.count) + " values" : "");
        t.rows.push_back({code_cell(a.path), text_cell(a.values.empty() ? range : join(values, ", "))});
    }
    s.table(std::move(t));
    if (config.keep < 1) {
        s.paragraph("Of all points the " + percent(config.keep, 0) +
                    " that a roofline finds fastest were simulated; a slower one of the roofline may be missing.");
    }
    s.paragraph(
        "Area and cost are estimates with ranges; speed-up / power is the reference's energy over the point's, "
        "per 100 mm2 the gain beyond 1 per nominal area. Area is that of proposals: other changes of the system, "
        "faster "
        "memory for one, count none. How far the model is to be trusted: tessera validate.");
    return s;
}

}  // namespace

Document sweep_document(const Outcomes& outcomes, const Analysis& a, const std::optional<Uncertainty>& bands,
                        const std::string& command) {
    const SweepConfig& config = outcomes.plan().config();
    const RunConfig base = outcomes.plan().configuration(outcomes.plan().reference());
    const std::vector<Measured> points = measured(outcomes);
    const std::vector<std::size_t> order = fastest(points);
    Document d;
    d.title = "tessera sweep: " + config.name;
    d.subtitle = base.workload.name + " on " + base.system.name;
    d.footer = "tessera " + code_version();
    Section fast{"fastest", "The fastest points", {}};
    fast.table(points_table(outcomes, a, order));
    d.sections = {summary(outcomes, a, order), attribution_section(a.attribution), front_section(outcomes, a, points),
                  axes_section(outcomes, a, points), heat_section(a.heat)};
    if (bands) { d.sections.push_back(uncertainty_section(*bands)); }
    for (Section s : {std::move(fast), left_out(outcomes), basis(outcomes, command)}) {
        d.sections.push_back(std::move(s));
    }
    d.sections.erase(
        std::remove_if(d.sections.begin(), d.sections.end(), [](const Section& s) { return s.blocks.empty(); }),
        d.sections.end());
    return d;
}

}  // namespace tessera::sweep
