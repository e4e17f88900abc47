#include "sim/sweep/analysis.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera::sweep {
namespace {

// The levels into which an axis is cut, and the level of a value.
class Levels {
public:
    explicit Levels(const Axis& axis) : axis_(axis) {
        cut_ = axis.values.empty() && (axis.count == 0 || axis.levels() > most_levels) && axis.from < axis.to;
        const std::size_t n = cut_ ? most_levels : std::max<std::size_t>(axis.levels(), 1);
        for (std::size_t i = 0; i < n; ++i) {
            texts_.push_back(cut_                ? axis.at((static_cast<double>(i) + 0.5) / static_cast<double>(n))
                             : axis.levels() > 0 ? axis.level(i)
                                                 : axis.at(0));
        }
    }

    const std::vector<std::string>& texts() const { return texts_; }

    std::size_t of(const std::string& value) const {
        if (!cut_) {
            const auto found = std::find(texts_.begin(), texts_.end(), value);
            return found == texts_.end() ? 0 : static_cast<std::size_t>(found - texts_.begin());
        }
        const double v = number(value);
        const double share = axis_.logarithmic ? std::log(v / axis_.from) / std::log(axis_.to / axis_.from)
                                               : (v - axis_.from) / (axis_.to - axis_.from);
        const double level = std::clamp(share, 0.0, 1.0) * static_cast<double>(most_levels);
        return std::min(static_cast<std::size_t>(level), most_levels - 1);
    }

private:
    static double number(const std::string& text) {
        const JsonValue v = parse_json(text, "a sweep's own value");
        return v.is_number() ? v.as_double() : std::strtod(v.as_string().c_str(), nullptr);
    }

    Axis axis_;
    bool cut_ = false;
    std::vector<std::string> texts_;
};

std::size_t axis_of(const Plan& plan, const std::string& path) {
    const std::vector<Axis>& axes = plan.config().axes;
    return static_cast<std::size_t>(
        std::find_if(axes.begin(), axes.end(), [&](const Axis& a) { return a.path == path; }) - axes.begin());
}

bool beats(const Measured& a, const Measured& b) {
    bool better = false;
    for (std::size_t i = 0; i < a.objectives.size(); ++i) {
        if (a.objectives[i] > b.objectives[i]) { return false; }
        better = better || a.objectives[i] < b.objectives[i];
    }
    return better;
}

}  // namespace

std::vector<Measured> measured(const Outcomes& outcomes) {
    const Plan& plan = outcomes.plan();
    std::vector<Measured> list;
    for (std::size_t p = 0; p < plan.size(); ++p) {
        const Outcome o = outcomes.at(p);
        if (o.status != Status::done || o.filtered) { continue; }
        Measured m{p, o.result.find("time_s")->as_double(), {}};
        for (const std::string& name : plan.config().objectives) { m.objectives.push_back(figure(o.result, name)); }
        list.push_back(std::move(m));
    }
    return list;
}

std::vector<std::size_t> pareto_front(std::vector<Measured> points) {
    std::sort(points.begin(), points.end(), [](const Measured& a, const Measured& b) {
        return a.objectives != b.objectives ? a.objectives < b.objectives : a.point < b.point;
    });
    // In this order only a point before another can beat it, and one that is beaten is beaten by one of the front.
    std::vector<const Measured*> front;
    for (const Measured& m : points) {
        const bool out = std::any_of(front.begin(), front.end(),
                                     [&](const Measured* f) { return beats(*f, m) || f->objectives == m.objectives; });
        if (!out) { front.push_back(&m); }
    }
    std::vector<std::size_t> numbers;
    for (const Measured* f : front) { numbers.push_back(f->point); }
    return numbers;
}

std::vector<Effect> main_effects(const Plan& plan, const std::vector<Measured>& points) {
    std::vector<Effect> effects;
    const std::vector<Axis>& axes = plan.config().axes;
    for (const Axis& axis : axes) {
        const Levels levels(axis);
        Effect e{axis.path, {}, 0};
        std::vector<Level> all;
        for (const std::string& text : levels.texts()) { all.push_back({text, 0, 0}); }
        const std::size_t a = axis_of(plan, axis.path);
        for (const Measured& m : points) {
            Level& level = all[levels.of(plan.settings(m.point)[a].value)];
            level.mean_time_s += m.time_s;
            ++level.points;
        }
        double low = std::numeric_limits<double>::infinity(), high = 0;
        for (Level& level : all) {
            if (level.points == 0) { continue; }
            level.mean_time_s /= static_cast<double>(level.points);
            low = std::min(low, level.mean_time_s);
            high = std::max(high, level.mean_time_s);
            e.levels.push_back(level);
        }
        e.swing_s = e.levels.empty() ? 0 : high - low;
        effects.push_back(std::move(e));
    }
    std::stable_sort(effects.begin(), effects.end(),
                     [](const auto& x, const auto& y) { return x.swing_s > y.swing_s; });
    return effects;
}

HeatMap heat_map(const Plan& plan, const std::vector<Measured>& points, const std::vector<Effect>& effects) {
    HeatMap map;
    if (effects.size() < 2) { return map; }
    map.down = effects[0].path;
    map.across = effects[1].path;
    const std::size_t down = axis_of(plan, map.down), across = axis_of(plan, map.across);
    const Levels rows(plan.config().axes[down]), columns(plan.config().axes[across]);
    map.rows = rows.texts();
    map.columns = columns.texts();
    map.mean_time_s.assign(map.rows.size(), std::vector<double>(map.columns.size(), 0));
    std::vector<std::vector<int>> counts(map.rows.size(), std::vector<int>(map.columns.size(), 0));
    for (const Measured& m : points) {
        const std::vector<Setting> settings = plan.settings(m.point);
        const std::size_t r = rows.of(settings[down].value), c = columns.of(settings[across].value);
        map.mean_time_s[r][c] += m.time_s;
        ++counts[r][c];
    }
    for (std::size_t r = 0; r < map.rows.size(); ++r) {
        for (std::size_t c = 0; c < map.columns.size(); ++c) {
            map.mean_time_s[r][c] = counts[r][c] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                      : map.mean_time_s[r][c] / static_cast<double>(counts[r][c]);
        }
    }
    return map;
}

}  // namespace tessera::sweep
