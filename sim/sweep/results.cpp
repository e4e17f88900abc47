#include "sim/sweep/results.hpp"

#include "sim/app/compare.hpp"
#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/sweep/attribution.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace tessera::sweep {
namespace {

JsonValue text(const std::string& s) { return JsonValue::string(s); }
JsonValue number(double v) { return std::isfinite(v) ? JsonValue::number(v) : JsonValue(); }
JsonValue count(std::size_t n) { return JsonValue::integer(static_cast<std::int64_t>(n)); }
JsonValue parsed(const std::string& json) { return parse_json(json, "a sweep's own value"); }

std::string status_of(const Outcome& o) { return o.filtered ? "filtered" : to_string(o.status); }

template <class List, class Make>
JsonValue array_of(const List& list, const Make& make) {
    JsonValue v = JsonValue::array();
    for (const auto& one : list) { v.push(make(one)); }
    return v;
}

constexpr char on_off_head[] = "proposals.";

// The proposals of a grid whose every axis switches one on and off, or none.
std::vector<std::string> switched(const SweepConfig& config) {
    std::vector<std::string> slugs;
    for (const Axis& a : config.axes) {
        const std::string slug = a.path.substr(std::min(a.path.size(), sizeof on_off_head - 1));
        const bool about = a.path.rfind(on_off_head, 0) == 0 && slug.find('.') == std::string::npos;
        const bool both = a.values.size() == 2 && a.values[0] != a.values[1];
        if (config.method != Method::grid || !about || !both) { return {}; }
        slugs.push_back(slug);
    }
    return slugs.size() <= 16 ? slugs : std::vector<std::string>{};
}

std::vector<std::string> names_of(std::uint32_t subset, const std::vector<std::string>& slugs) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < slugs.size(); ++i) {
        if ((subset >> i & 1) != 0) { names.push_back(slugs[i]); }
    }
    return names;
}

std::optional<Attribution> attribute(const Plan& plan, const std::vector<Measured>& points, double reference) {
    Attribution a;
    a.proposals = switched(plan.config());
    if (a.proposals.size() < 2 || points.size() != plan.size()) { return {}; }
    std::vector<double> saved(points.size());
    std::vector<std::size_t> number_of(points.size());
    for (const Measured& m : points) {
        std::size_t subset = 0;
        const std::vector<Setting> settings = plan.settings(m.point);
        for (std::size_t i = 0; i < settings.size(); ++i) {
            if (settings[i].value == "true") { subset |= std::size_t{1} << i; }
        }
        saved[subset] = -m.time_s;
        number_of[subset] = m.point;
    }
    const double none = -saved[0];
    for (double& s : saved) { s += none; }
    a.shapley_s = shapley_values(saved);
    a.interactions_s = shapley_interactions(saved);
    for (const std::uint32_t subset : best_of_size(saved)) {
        const double time = none - saved[subset];
        a.best.push_back({names_of(subset, a.proposals), number_of[subset], time, reference / time});
    }
    return a;
}

JsonValue effect_json(const Effect& e) {
    JsonValue v = JsonValue::object();
    v.set("path", text(e.path));
    v.set("swing_s", number(e.swing_s));
    v.set("levels", array_of(e.levels, [](const Level& l) {
              JsonValue level = JsonValue::object();
              level.set("value", parsed(l.value));
              level.set("mean_time_s", number(l.mean_time_s));
              level.set("points", count(l.points));
              return level;
          }));
    return v;
}

JsonValue heat_json(const HeatMap& h) {
    JsonValue v = JsonValue::object();
    v.set("down", text(h.down));
    v.set("across", text(h.across));
    v.set("rows", array_of(h.rows, parsed));
    v.set("columns", array_of(h.columns, parsed));
    v.set("mean_time_s", array_of(h.mean_time_s, [](const auto& row) { return array_of(row, number); }));
    return v;
}

JsonValue attribution_json(const Attribution& a) {
    JsonValue v = JsonValue::object();
    v.set("proposals", array_of(a.proposals, text));
    v.set("shapley_s", array_of(a.shapley_s, number));
    v.set("interactions_s", array_of(a.interactions_s, [](const auto& row) { return array_of(row, number); }));
    v.set("best", array_of(a.best, [](const Attribution::Best& b) {
              JsonValue best = JsonValue::object();
              best.set("proposals", array_of(b.proposals, text));
              best.set("point", count(b.point));
              best.set("time_s", number(b.time_s));
              best.set("speedup", number(b.speedup));
              return best;
          }));
    return v;
}

JsonValue frame_json(const Outcomes& outcomes, const Analysis& a) {
    const SweepConfig& config = outcomes.plan().config();
    const RunConfig base = outcomes.plan().configuration(outcomes.plan().reference());
    JsonValue v = JsonValue::object();
    v.set("schema", text("tessera.sweep/1"));
    v.set("name", text(config.name));
    v.set("code_version", text(code_version()));
    v.set("workload", text(base.workload.name));
    v.set("system", text(base.system.name));
    v.set("objectives", array_of(config.objectives, text));
    JsonValue& counts = v.set("counts", JsonValue::object());
    counts.set("points", count(outcomes.plan().size()));
    counts.set("done", count(a.done));
    counts.set("filtered", count(a.filtered));
    counts.set("skipped", count(a.skipped));
    counts.set("limited", count(a.limited));
    v.set("reference", a.reference);
    v.set("pareto", array_of(a.pareto, count));
    v.set("effects", array_of(a.effects, effect_json));
    v.set("heat_map", a.heat.rows.empty() ? JsonValue() : heat_json(a.heat));
    v.set("attribution", a.attribution ? attribution_json(*a.attribution) : JsonValue());
    return v;
}

std::string csv_cell(const std::string& s) {
    if (s.find_first_of(",\"\n") == std::string::npos) { return s; }
    std::string quoted = "\"";
    for (const char c : s) { quoted += c == '"' ? std::string("\"\"") : std::string(1, c); }
    return quoted + "\"";
}

std::string plain_text(const JsonValue& v) { return v.is_string() ? v.as_string() : write_json(v, 0); }

const std::vector<std::string>& csv_figures() {
    static const std::vector<std::string> names = {
        "time_s",          "speedup",      "speedup_per_watt", "speedup_per_mm2",
        "area_mm2",        "cost_usd",     "energy_j",         "average_power_w",
        "sm_clock_hz",     "limiter",      "hbm_bytes",        "l2_bytes",
        "nvlink_bytes",    "nic_bytes",    "sm_utilization",   "tensor_utilization",
        "hbm_utilization", "numeric_error"};
    return names;
}

// The parameters that any point sets, in the order in which they appear.
std::vector<std::string> paths_of(const SweepConfig& config) {
    std::vector<std::string> paths;
    for (const Axis& a : config.axes) { paths.push_back(a.path); }
    for (const std::vector<Setting>& settings : config.list) {
        for (const Setting& s : settings) {
            if (std::find(paths.begin(), paths.end(), s.path) == paths.end()) { paths.push_back(s.path); }
        }
    }
    return paths;
}

}  // namespace

JsonValue point_json(const Outcomes& outcomes, std::size_t point, const JsonValue& reference) {
    const Outcome o = outcomes.at(point);
    JsonValue v = JsonValue::object();
    v.set("schema", text("tessera.sweep.point/1"));
    v.set("index", count(point));
    v.set("key", text(outcomes.plan().key(point)));
    JsonValue& parameters = v.set("parameters", JsonValue::object());
    for (const Setting& s : outcomes.plan().settings(point)) { parameters.set(s.path, parsed(s.value)); }
    v.set("status", text(status_of(o)));
    if (o.filtered) {
        v.set("reason", text("others are faster by the roofline"));
        v.set("estimated_time_s", *o.result.find("time_s"));
    } else if (o.status != Status::done) {
        v.set("reason", text(o.reason));
    } else {
        const double speedup = reference.find("time_s")->as_double() / figure(o.result, "time_s");
        const double area = figure(o.result, "area_mm2");
        v.set("speedup", number(speedup));
        v.set("speedup_per_watt", number(reference.find("energy_j")->as_double() / figure(o.result, "energy_j")));
        v.set("speedup_per_mm2", area > 0 ? number((speedup - 1) / area) : JsonValue());
        for (const auto& [name, value] : o.result.members()) { v.set(name, value); }
    }
    return v;
}

Analysis analyse(const Outcomes& outcomes) {
    Analysis a;
    const Plan& plan = outcomes.plan();
    a.reference = outcomes.at(plan.reference()).result;
    a.reference_time_s = figure(a.reference, "time_s");
    for (std::size_t p = 0; p < plan.size(); ++p) {
        const Outcome o = outcomes.at(p);
        std::size_t& counter = o.filtered                    ? a.filtered
                               : o.status == Status::done    ? a.done
                               : o.status == Status::skipped ? a.skipped
                                                             : a.limited;
        ++counter;
    }
    const std::vector<Measured> points = measured(outcomes);
    a.pareto = pareto_front(points);
    a.effects = main_effects(plan, points);
    a.heat = heat_map(plan, points, a.effects);
    a.attribution = attribute(plan, points, a.reference_time_s);
    return a;
}

void write_results_json(std::ostream& out, const Outcomes& outcomes, const Analysis& analysis) {
    std::string frame = write_json(frame_json(outcomes, analysis));
    frame.resize(frame.size() - 2);  // the end of the object: points follow
    out << frame << ",\n  \"points\": [";
    for (std::size_t p = 0; p < outcomes.plan().size(); ++p) {
        out << (p == 0 ? "\n    " : ",\n    ") << write_json(point_json(outcomes, p, analysis.reference), 0);
    }
    out << "\n  ]\n}\n";
}

void write_results_csv(std::ostream& out, const Outcomes& outcomes, const Analysis& analysis) {
    const std::vector<std::string> paths = paths_of(outcomes.plan().config());
    std::vector<std::string> cells = {"index", "status"};
    for (const std::string& p : paths) { cells.push_back(csv_cell(p)); }
    cells.insert(cells.end(), csv_figures().begin(), csv_figures().end());
    cells.insert(cells.end(), {"proposals", "estimated_time_s", "pareto", "reason"});
    out << join(cells, ",") << "\n";
    for (std::size_t p = 0; p < outcomes.plan().size(); ++p) {
        const JsonValue v = point_json(outcomes, p, analysis.reference);
        const auto cell = [](const JsonValue* value) {
            if (value == nullptr || value->is_null()) { return std::string(); }
            return csv_cell(plain_text(value->is_object() ? *value->find("nominal") : *value));
        };
        cells = {std::to_string(p), cell(v.find("status"))};
        for (const std::string& path : paths) { cells.push_back(cell(v.find("parameters")->find(path))); }
        for (const std::string& name : csv_figures()) { cells.push_back(cell(v.find(name))); }
        std::vector<std::string> proposals;
        if (const JsonValue* on = v.find("proposals")) {
            for (const JsonValue& slug : on->items()) { proposals.push_back(slug.as_string()); }
        }
        const bool front = std::find(analysis.pareto.begin(), analysis.pareto.end(), p) != analysis.pareto.end();
        cells.insert(cells.end(), {join(proposals, "+"), cell(v.find("estimated_time_s")), front ? "1" : "0",
                                   cell(v.find("reason"))});
        out << join(cells, ",") << "\n";
    }
}

}  // namespace tessera::sweep
