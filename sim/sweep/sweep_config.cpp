#include "sim/sweep/sweep_config.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/base/quantity_text.hpp"
#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

namespace tessera::sweep {
namespace {

namespace fs = std::filesystem;
using Kind = JsonValue::Kind;

constexpr double most_points = 1e6;

// A number with its unit: "2.5 TB/s", or a plain number without one.
struct RangeEnd {
    double value = 0;
    std::string unit;
    bool whole = false;
};

class Reader {
public:
    explicit Reader(SweepConfig& config) : c_(config) {}

    void read(const JsonValue& root) {
        if (!root.is_object()) {
            fail("", "expected an object, found " + std::string(to_string(root.kind())));
            return finish();
        }
        keys(root, "",
             {"name", "base", "set", "axes", "points", "sample", "filter", "limits", "objectives", "$schema"});
        c_.name = text(root, "", "name", fs::path(c_.file).stem().string());
        read_base(root);
        if (const JsonValue* set = member(root, "", "set", Kind::object)) {
            for (const auto& [path, value] : set->members()) { c_.sets.push_back(path + "=" + write_json(value, 0)); }
        }
        if (const JsonValue* axes = member(root, "", "axes", Kind::array)) {
            for (std::size_t i = 0; i < axes->items().size(); ++i) {
                read_axis(axes->items()[i], "/axes/" + std::to_string(i));
            }
        }
        read_sample(root);
        read_list(root);
        read_limits(root);
        check_together();
        finish();
    }

    void finish() {
        if (!problems_.empty()) { throw ConfigError(std::move(problems_)); }
    }

private:
    void fail(const std::string& pointer, const std::string& message, const std::string& hint = {}) {
        problems_.push_back({c_.file, pointer, message, hint});
    }

    void keys(const JsonValue& object, const std::string& at, const std::vector<std::string>& known) {
        for (const auto& [key, value] : object.members()) {
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                fail(at + pointer_token(key), "unknown key \"" + key + "\"", suggestion(key, known));
            }
        }
    }

    const JsonValue* member(const JsonValue& object, const std::string& at, const char* key, Kind kind) {
        const JsonValue* v = object.find(key);
        if (v == nullptr || v->kind() == kind) { return v; }
        const char* wanted = kind == Kind::object ? "an object" : kind == Kind::array ? "an array" : "a text";
        fail(at + "/" + key, std::string("expected ") + wanted + ", found " + std::string(to_string(v->kind())));
        return nullptr;
    }

    std::string text(const JsonValue& object, const std::string& at, const char* key, std::string otherwise) {
        const JsonValue* v = member(object, at, key, Kind::string);
        if (v == nullptr) { return otherwise; }
        if (v->as_string().empty()) { fail(at + "/" + key, "expected a text that is not empty"); }
        return v->as_string();
    }

    double number(const JsonValue& object, const std::string& at, const char* key, double otherwise, double low,
                  double high, bool whole) {
        const JsonValue* v = object.find(key);
        if (v == nullptr) { return otherwise; }
        const bool fits = v->is_number() && (!whole || v->kind() == Kind::integer);
        if (!fits || v->as_double() < low || v->as_double() > high) {
            fail(at + "/" + key, std::string("expected a ") + (whole ? "whole " : "") + "number from " +
                                     format_shortest(low) + " to " + format_shortest(high) + ", found " +
                                     (v->is_number() ? write_json(*v, 0) : std::string(to_string(v->kind()))));
            return otherwise;
        }
        return v->as_double();
    }

    std::size_t word(const JsonValue& object, const std::string& at, const char* key,
                     const std::vector<std::string>& allowed) {
        const std::string given = text(object, at, key, allowed.front());
        const auto found = std::find(allowed.begin(), allowed.end(), given);
        if (found != allowed.end()) { return static_cast<std::size_t>(found - allowed.begin()); }
        fail(at + "/" + key, "expected one of " + join(allowed, ", ") + ", found \"" + given + "\"",
             suggestion(given, allowed));
        return 0;
    }

    void read_base(const JsonValue& root) {
        const std::string named = text(root, "", "base", "deepseek_v3_train_chunk");
        const fs::path beside = fs::path(c_.file).parent_path() / named;
        std::error_code ignored;
        try {
            c_.base = fs::is_regular_file(beside, ignored) ? beside.string() : find_config("runs", named);
        } catch (const ConfigError& e) {
            const Diagnostic& d = e.diagnostics().front();
            fail("/base", "\"" + named + "\": " + d.message, d.hint);
        }
    }

    RangeEnd range_end(const JsonValue& axis, const std::string& at, const char* key) {
        const JsonValue* v = axis.find(key);
        RangeEnd end;
        if (v == nullptr) {
            fail(at, std::string("a range needs \"") + key + "\"", "or give \"values\"");
        } else if (v->is_number()) {
            end = {v->as_double(), "", v->kind() == Kind::integer};
        } else if (v->is_string()) {
            char* rest = nullptr;
            end.value = std::strtod(v->as_string().c_str(), &rest);
            end.unit = rest;
            end.unit.erase(0, end.unit.find_first_not_of(' '));
            if (rest == v->as_string().c_str() || !std::isfinite(end.value)) {
                fail(at + "/" + key, "expected a number with its unit, found \"" + v->as_string() + "\"");
            }
        } else {
            fail(at + "/" + key, "expected a number or a quantity, found " + std::string(to_string(v->kind())));
        }
        return end;
    }

    void read_range(const JsonValue& v, const std::string& at, Axis& axis) {
        const RangeEnd from = range_end(v, at, "from"), to = range_end(v, at, "to");
        axis.from = from.value;
        axis.to = to.value;
        axis.unit = from.unit;
        axis.logarithmic = word(v, at, "scale", {"linear", "log"}) == 1;
        axis.step = number(v, at, "step", 0, 0, 1e300, false);
        axis.count = static_cast<int>(number(v, at, "count", 0, 1, most_points, true));
        // Sizes are whole in their own unit, unless a step says otherwise.
        const bool size = !axis.unit.empty() && axis.unit.back() == 'B';
        axis.whole = from.whole && to.whole && axis.step == 0;
        if (size && axis.step == 0) { axis.step = 1; }
        if (from.unit != to.unit) {
            fail(at,
                 "the range is from " + (from.unit.empty() ? "a plain number" : from.unit) + " to " +
                     (to.unit.empty() ? "a plain number" : to.unit),
                 "give both ends in the same unit");
        }
        if (!(axis.from <= axis.to)) {
            fail(at, "the range is empty: it begins at " + format_shortest(axis.from) + " and ends at " +
                         format_shortest(axis.to));
        }
        if (axis.logarithmic && !(axis.from > 0)) { fail(at, "a logarithmic range begins above zero"); }
    }

    void read_axis(const JsonValue& v, const std::string& at) {
        if (!v.is_object()) { return fail(at, "expected an object, found " + std::string(to_string(v.kind()))); }
        keys(v, at, {"path", "values", "from", "to", "count", "scale", "step"});
        Axis axis;
        axis.path = text(v, at, "path", "");
        if (axis.path.empty()) { fail(at, "an axis needs a \"path\"", "for example \"system.hbm.peak\""); }
        const bool known =
            std::any_of(c_.axes.begin(), c_.axes.end(), [&](const Axis& a) { return a.path == axis.path; });
        if (known) { fail(at + "/path", "\"" + axis.path + "\" has an axis already"); }
        const JsonValue* values = member(v, at, "values", Kind::array);
        if (values != nullptr) {
            for (const JsonValue& one : values->items()) { axis.values.push_back(write_json(one, 0)); }
            if (axis.values.empty()) { fail(at + "/values", "the list is empty"); }
            for (const char* key : {"from", "to", "count", "scale", "step"}) {
                if (v.find(key) != nullptr) { fail(at + "/" + key, "an axis has values or a range, not both"); }
            }
        } else if (v.find("values") == nullptr) {
            read_range(v, at, axis);
        }
        c_.axes.push_back(std::move(axis));
    }

    void read_sample(const JsonValue& root) {
        c_.method = root.find("points") != nullptr ? Method::list : Method::grid;
        const JsonValue* sample = member(root, "", "sample", Kind::object);
        if (sample == nullptr) { return; }
        keys(*sample, "/sample", {"method", "points", "seed"});
        const std::size_t m = word(*sample, "/sample", "method", {"grid", "latin_hypercube", "sobol"});
        const bool sampled = m > 0;
        if (c_.method == Method::list) { fail("/sample", "a list of points is not sampled", "leave \"sample\" out"); }
        c_.method = m == 0 ? Method::grid : m == 1 ? Method::latin_hypercube : Method::sobol;
        c_.sampled = static_cast<std::size_t>(number(*sample, "/sample", "points", 0, 1, most_points, true));
        c_.seed = static_cast<std::uint64_t>(number(*sample, "/sample", "seed", 1, 0, 9e15, true));
        if (sampled && sample->find("points") == nullptr) { fail("/sample", "how many \"points\"?"); }
        if (!sampled && sample->find("points") != nullptr) {
            fail("/sample/points", "a grid has as many points as its axes have values");
        }
        if (m != 1 && sample->find("seed") != nullptr) {
            fail("/sample/seed", "only a Latin hypercube draws at random");
        }
    }

    void read_list(const JsonValue& root) {
        const JsonValue* points = member(root, "", "points", Kind::array);
        if (points == nullptr) { return; }
        if (points->items().empty()) { fail("/points", "the list is empty"); }
        if (!c_.axes.empty()) { fail("/points", "a sweep has axes or a list of points, not both"); }
        for (std::size_t i = 0; i < points->items().size(); ++i) {
            const JsonValue& p = points->items()[i];
            const std::string at = "/points/" + std::to_string(i);
            if (!p.is_object()) {
                fail(at, "expected an object from paths to values, found " + std::string(to_string(p.kind())));
                continue;
            }
            c_.list.emplace_back();
            for (const auto& [path, value] : p.members()) { c_.list.back().push_back({path, write_json(value, 0)}); }
        }
    }

    void read_limits(const JsonValue& root) {
        if (const JsonValue* filter = member(root, "", "filter", Kind::object)) {
            keys(*filter, "/filter", {"keep"});
            c_.keep = number(*filter, "/filter", "keep", 1, 1e-6, 1, false);
        }
        if (const JsonValue* limits = member(root, "", "limits", Kind::object)) {
            keys(*limits, "/limits", {"time", "memory"});
            try {
                const std::string time = text(*limits, "/limits", "time", "600 s");
                c_.seconds = to_seconds(parse_quantity<Time>(time, c_.file + ": /limits/time"));
                const std::string memory = text(*limits, "/limits", "memory", "4 GiB");
                c_.memory = parse_quantity<Bytes>(memory, c_.file + ": /limits/memory").raw();
            } catch (const ConfigError& e) {
                problems_.insert(problems_.end(), e.diagnostics().begin(), e.diagnostics().end());
            }
            if (!(c_.seconds > 0)) { fail("/limits/time", "a point needs some time"); }
            if (c_.memory <= 0) { fail("/limits/memory", "a point needs some memory"); }
        }
        if (const JsonValue* objectives = member(root, "", "objectives", Kind::array)) {
            c_.objectives.clear();
            for (const JsonValue& o : objectives->items()) {
                const std::string name = o.is_string() ? o.as_string() : "";
                const auto& known = objective_names();
                if (std::find(known.begin(), known.end(), name) == known.end()) {
                    fail("/objectives", "unknown objective " + write_json(o, 0), suggestion(name, known));
                }
                c_.objectives.push_back(name);
            }
            if (c_.objectives.empty()) { fail("/objectives", "the list is empty"); }
        }
    }

    void check_together() {
        if (c_.axes.empty() && c_.list.empty() && problems_.empty()) {
            fail("", "a sweep needs axes or a list of points");
        }
        if (c_.method != Method::grid) { return; }
        double points = 1;
        for (std::size_t i = 0; i < c_.axes.size(); ++i) {
            if (c_.axes[i].values.empty() && c_.axes[i].count < 1) {
                fail("/axes/" + std::to_string(i), "how many values does the range have?", "\"count\": 5");
            }
            points *= static_cast<double>(std::max<std::size_t>(c_.axes[i].levels(), 1));
        }
        if (points > most_points) {
            fail("/axes",
                 "the grid has " + format_shortest(points) + " points, more than " + format_shortest(most_points),
                 "sample it: \"sample\": {\"method\": \"sobol\", \"points\": 1000}");
        }
    }

    SweepConfig& c_;
    std::vector<Diagnostic> problems_;
};

// Problems of one setting by itself, which the reader finds and calls "--set PATH": a path that nobody knows, a value
// that the path never takes. What only other
// settings make wrong concerns the points that have both.
void try_setting(const SweepConfig& config, const Setting& setting, const std::string& at,
                 std::vector<Diagnostic>& problems) {
    try {
        configure(config, {setting});
    } catch (const ConfigError& e) {
        for (const Diagnostic& d : e.diagnostics()) {
            if (d.file.rfind("--set ", 0) == 0 || d.file == setting_origin) {
                problems.push_back({config.file, at, setting.path + ": " + d.message, d.hint});
            }
        }
    }
}

void try_settings(const SweepConfig& config) {
    std::vector<Diagnostic> problems;
    configure(config, {});  // the base by itself is sound, or nothing is
    for (std::size_t a = 0; a < config.axes.size(); ++a) {
        const Axis& axis = config.axes[a];
        const std::string at = "/axes/" + std::to_string(a);
        if (axis.values.empty()) {
            Axis ends = axis;
            ends.count = 2;
            for (const std::size_t i : {0, 1}) { try_setting(config, {axis.path, ends.level(i)}, at, problems); }
            continue;
        }
        for (std::size_t i = 0; i < axis.values.size(); ++i) {
            try_setting(config, {axis.path, axis.values[i]}, at + "/values/" + std::to_string(i), problems);
        }
    }
    std::set<std::string> tried;
    for (std::size_t p = 0; p < config.list.size(); ++p) {
        for (const Setting& s : config.list[p]) {
            if (!tried.insert(s.path + "=" + s.value).second) { continue; }
            try_setting(config, s, "/points/" + std::to_string(p) + pointer_token(s.path), problems);
        }
    }
    if (!problems.empty()) { throw ConfigError(std::move(problems)); }
}

}  // namespace

SweepConfig load_sweep(const std::string& path, const std::vector<std::string>& sets) {
    SweepConfig config;
    config.file = path;
    const JsonValue root = read_json_file(path);
    Reader(config).read(root);
    config.sets.insert(config.sets.end(), sets.begin(), sets.end());
    try_settings(config);
    return config;
}

}  // namespace tessera::sweep
