#include "sim/sweep/charts.hpp"

#include "sim/base/json.hpp"
#include "sim/report/chart_parts.hpp"
#include "sim/report/format.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>

namespace tessera::sweep {
namespace {

using namespace report;

constexpr double height = 330, top = 14, left = 74;

// A vertical axis; values grow upwards.
struct Vertical {
    double low, high;
    double y(double v) const { return top + (height - top) * (high - v) / (high - low); }
};

// Some space around what is shown; never an empty range.
std::pair<double, double> padded(const std::vector<double>& values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double room = std::max(0.06 * (*high - *low), 1e-3 * std::max(std::abs(*high), 1e-12));
    return {*low - room, *high + room};
}

std::string plain(const std::string& json) {
    const JsonValue v = parse_json(json, "a sweep's own value");
    return v.is_string() ? v.as_string() : json;
}

// Heights of an axis' values, 0 to 1: numbers and quantities by size, anything else in the order of its levels.
std::vector<double> heights(const std::vector<std::string>& values) {
    std::vector<double> at;
    for (const std::string& text : values) {
        const std::string word = plain(text);
        char* end = nullptr;
        const double v = std::strtod(word.c_str(), &end);
        if (end == word.c_str() || !std::isfinite(v)) { break; }
        at.push_back(v);
    }
    if (at.size() != values.size()) {
        at.clear();
        std::map<std::string, double> seen;
        for (const std::string& v : values) {
            at.push_back(seen.emplace(v, static_cast<double>(seen.size())).first->second);
        }
    }
    const auto [low, high] = std::minmax_element(at.begin(), at.end());
    const double from = *low, range = *high - *low;
    for (double& v : at) { v = range > 0 ? (v - from) / range : 0.5; }
    return at;
}

struct Shown {
    Quantity x, y;
    std::vector<double> xs, ys;  // of the points, then of the reference
};

Shown objectives_of(const Outcomes& outcomes, const Analysis& analysis, const std::vector<Measured>& points) {
    std::vector<std::string> names = outcomes.plan().config().objectives;
    if (names.size() < 2) { names.emplace_back(names[0] == "energy_j" ? "time_s" : "energy_j"); }
    Shown s{quantity_of(names[0]), quantity_of(names[1]), {}, {}};
    const bool measured_both = outcomes.plan().config().objectives.size() > 1;
    for (const Measured& m : points) {
        s.xs.push_back(s.x.factor * m.objectives[0]);
        s.ys.push_back(s.y.factor * (measured_both ? m.objectives[1] : figure(outcomes.at(m.point).result, names[1])));
    }
    s.xs.push_back(s.x.factor * figure(analysis.reference, names[0]));
    s.ys.push_back(s.y.factor * figure(analysis.reference, names[1]));
    return s;
}

}  // namespace

Quantity quantity_of(const std::string& objective) {
    static const std::map<std::string, Quantity> known = {{"time_s", {"time", "ms", 1e3}},
                                                          {"energy_j", {"energy", "J", 1}},
                                                          {"average_power_w", {"power", "W", 1}},
                                                          {"area_mm2", {"added area", "mm2", 1}},
                                                          {"hbm_bytes", {"HBM traffic", "GB", 1e-9}},
                                                          {"l2_bytes", {"L2 traffic", "GB", 1e-9}},
                                                          {"numeric_error", {"numeric error", "", 1}}};
    const auto found = known.find(objective);
    return found == known.end() ? Quantity{words(objective), "", 1} : found->second;
}

std::string value_text(const std::string& json) {
    const std::string word = plain(json);
    char* end = nullptr;
    const double v = std::strtod(word.c_str(), &end);
    if (end == word.c_str() || !std::isfinite(v) || (*end != '\0' && *end != ' ')) { return word; }
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.4g", v);
    return std::strtod(digits, nullptr) == v ? word : digits + std::string(end);
}

std::string short_path(const std::string& path) {
    for (const char* head : {"proposals.", "system.", "workload."}) {
        if (path.rfind(head, 0) == 0) { return path.substr(std::string(head).size()); }
    }
    return path;
}

Figure front_chart(const Outcomes& outcomes, const Analysis& analysis, const std::vector<Measured>& points) {
    if (points.empty()) { return {}; }
    const Shown s = objectives_of(outcomes, analysis, points);
    const auto [low_x, high_x] = padded(s.xs);
    const auto [low_y, high_y] = padded(s.ys);
    const report::Axis across{low_x, high_x};
    const Vertical up{low_y, high_y};
    const auto x = [&](double v) {
        return left + (kWidth - left - 20) * (v - across.low) / (across.high - across.low);
    };
    Svg svg(kWidth, height + 46, "Points by " + s.x.name + " and " + s.y.name);
    const double step_x = tick_step(high_x - low_x, 8), step_y = tick_step(high_y - low_y, 6);
    for (double v = std::ceil(low_x / step_x) * step_x; v <= high_x; v += step_x) {
        svg.line(x(v), top, x(v), height, "grid");
        svg.text(x(v), height + 15, fixed(v, axis_decimals(high_x - low_x)), "s mid");
    }
    for (double v = std::ceil(low_y / step_y) * step_y; v <= high_y; v += step_y) {
        svg.line(left, up.y(v), kWidth - 20, up.y(v), "grid");
        svg.text(left - 6, up.y(v) + 4, fixed(v, axis_decimals(high_y - low_y)), "s end");
    }
    svg.text(kWidth / 2, height + 34, s.x.column(), "s mid");
    svg.text(left - 6, top - 3, s.y.column(), "s end");
    const auto dot = [&](std::size_t i, double size, const char* css, const std::string& name) {
        svg.circle(x(s.xs[i]), up.y(s.ys[i]), size, css,
                   name + ": " + fixed(s.xs[i], 2) + " " + s.x.unit + ", " + fixed(s.ys[i], 2) + " " + s.y.unit);
    };
    for (std::size_t i = 0; i < points.size(); ++i) { dot(i, 3, "f7 dim", "point " + std::to_string(points[i].point)); }
    std::vector<std::pair<double, double>> front;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::size_t p = points[i].point;
        if (std::find(analysis.pareto.begin(), analysis.pareto.end(), p) == analysis.pareto.end()) { continue; }
        front.emplace_back(x(s.xs[i]), up.y(s.ys[i]));
        dot(i, 4.5, "f1", "point " + std::to_string(p) + ", on the front");
    }
    std::sort(front.begin(), front.end());
    svg.path(front, "lf");
    const double rx = x(s.xs.back()), ry = up.y(s.ys.back());
    svg.line(rx - 7, ry, rx + 7, ry, "bound").line(rx, ry - 7, rx, ry + 7, "bound");
    return {svg.finish(),
            "Every simulated point; coloured and joined those that no other beats in one objective "
            "without losing in another. The cross is the reference."};
}

Figure tornado_chart(const Analysis& analysis) {
    struct Bar {
        const Effect* effect;
        const Level *low, *high;
    };
    std::vector<Bar> bars;
    std::vector<double> times;
    for (const Effect& e : analysis.effects) {
        if (e.levels.empty()) { continue; }
        const auto [low, high] =
            std::minmax_element(e.levels.begin(), e.levels.end(),
                                [](const Level& a, const Level& b) { return a.mean_time_s < b.mean_time_s; });
        bars.push_back({&e, &*low, &*high});
        times.insert(times.end(), {1e3 * low->mean_time_s, 1e3 * high->mean_time_s});
    }
    if (bars.empty()) { return {}; }
    const auto [low, high] = padded(times);
    const report::Axis axis{low, high};
    const double bottom = 8 + kRow * static_cast<double>(bars.size());
    Svg svg(kWidth, bottom + 24, "Mean time over the levels of each axis");
    draw_grid(svg, axis, 4, bottom, axis_decimals(high - low), " ms");
    double y = 8;
    for (const Bar& b : bars) {
        const double a = axis.x(1e3 * b.low->mean_time_s), z = axis.x(1e3 * b.high->mean_time_s);
        svg.text(kLabels - 8, y + kBar / 2 + 4, short_path(b.effect->path), "end");
        svg.rect(a, y, std::max(z - a, 1.0), kBar, "f0",
                 b.effect->path + ": " + fixed(1e3 * b.effect->swing_s, 2) + " ms between " + value_text(b.low->value) +
                     " and " + value_text(b.high->value));
        svg.text(kWidth - kValues + 10, y + kBar / 2 + 4,
                 "best " + value_text(b.low->value) + ", worst " + value_text(b.high->value), "s");
        y += kRow;
    }
    return {svg.finish(), "Mean time of all points at the best and at the worst level of each axis."};
}

Figure parallel_chart(const Outcomes& outcomes, const Analysis& analysis, const std::vector<Measured>& points) {
    if (points.empty() || analysis.effects.empty()) { return {}; }
    const std::size_t every = (points.size() + most_lines - 1) / most_lines;
    std::vector<const Measured*> shown;
    for (std::size_t i = 0; i < points.size(); i += every) { shown.push_back(&points[i]); }
    const std::size_t axes = std::min(analysis.effects.size(), most_columns);
    std::vector<std::vector<std::string>> values(axes + 1);
    for (const Measured* m : shown) {
        const std::vector<Setting> settings = outcomes.plan().settings(m->point);
        for (std::size_t a = 0; a < axes; ++a) {
            const auto found = std::find_if(settings.begin(), settings.end(),
                                            [&](const Setting& s) { return s.path == analysis.effects[a].path; });
            values[a].push_back(found->value);
        }
        values[axes].push_back(write_json(JsonValue::number(1e3 * m->time_s), 0));
    }
    std::vector<std::vector<double>> at;
    for (const auto& column : values) { at.push_back(heights(column)); }
    const auto x = [&](std::size_t c) { return 90 + 820 * static_cast<double>(c) / static_cast<double>(axes); };
    const auto y = [](double share) { return height - (height - 40) * share; };
    Svg svg(kWidth, height + 40, "Points as lines over their settings and their time");
    std::vector<std::size_t> order(shown.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return shown[a]->time_s > shown[b]->time_s; });
    const std::size_t slow = order.size() - (order.size() + 9) / 10;
    for (std::size_t i = 0; i < order.size(); ++i) {
        std::vector<std::pair<double, double>> line;
        for (std::size_t c = 0; c <= axes; ++c) { line.emplace_back(x(c), y(at[c][order[i]])); }
        svg.path(line, i < slow ? "ln" : "lf");
    }
    for (std::size_t c = 0; c <= axes; ++c) {
        const auto [low, high] = std::minmax_element(at[c].begin(), at[c].end());
        const auto text = [&](const auto& it) {
            const std::string& value = values[c][static_cast<std::size_t>(it - at[c].begin())];
            return c == axes ? fixed(1e3 * shown[static_cast<std::size_t>(it - at[c].begin())]->time_s, 2) + " ms"
                             : value_text(value);
        };
        svg.line(x(c), y(0), x(c), y(1), "axis");
        svg.text(x(c), y(1) - 22 + (c % 2 == 1 ? 11 : 0), c == axes ? "time" : short_path(analysis.effects[c].path),
                 "s mid b");
        svg.text(x(c), y(0) + 16, text(low), "s mid");
        if (*high > *low) { svg.text(x(c) + 4, y(1) + 4, text(high), "s"); }
    }
    return {svg.finish(),
            "Each line is a point: its setting on every axis, ordered by their weight, and its time. In "
            "colour the fastest tenth."};
}

Figure shapley_chart(const Attribution& attribution) {
    if (attribution.proposals.empty()) { return {}; }
    std::vector<std::size_t> order(attribution.proposals.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::vector<double>& worth = attribution.shapley_s;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return worth[a] > worth[b]; });
    const double low = std::min(0.0, 1.05e3 * worth[order.back()]);
    const double high = std::max({1.05e3 * worth[order.front()], 1e-6, low + 1e-6});
    const report::Axis axis{low, high};
    const double bottom = 8 + kRow * static_cast<double>(order.size());
    Svg svg(kWidth, bottom + 24, "Shapley value of each proposal");
    draw_grid(svg, axis, 4, bottom, axis_decimals(high - low), " ms");
    double y = 8;
    for (const std::size_t i : order) {
        const double ms = 1e3 * worth[i];
        svg.text(kLabels - 8, y + kBar / 2 + 4, attribution.proposals[i], "end");
        svg.rect(axis.x(std::min(0.0, ms)), y, std::abs(axis.x(ms) - axis.x(0)), kBar, ms < 0 ? "fb" : "f0",
                 attribution.proposals[i] + ": " + fixed(ms, 2) + " ms");
        svg.text(kWidth - kValues + 10, y + kBar / 2 + 4, fixed(ms, 2) + " ms", "s");
        y += kRow;
    }
    svg.line(axis.x(0), 2, axis.x(0), bottom, "axis");
    return {svg.finish(),
            "Shapley value: the time that a proposal saves, as a mean over all orders of adding the "
            "proposals. They add up to what all of them save together."};
}

}  // namespace tessera::sweep
