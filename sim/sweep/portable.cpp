#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/base/quantity_text.hpp"
#include "sim/base/text.hpp"
#include "sim/sweep/point.hpp"
#include "sim/sweep/sweep_config.hpp"

#include <cmath>
#include <fstream>
#include <iterator>

namespace tessera::sweep {
namespace {

JsonValue parsed(const std::string& json) { return parse_json(json, "a sweep's own value"); }

JsonValue axis_json(const Axis& a) {
    JsonValue v = JsonValue::object();
    v.set("path", JsonValue::string(a.path));
    if (!a.values.empty()) {
        JsonValue list = JsonValue::array();
        for (const std::string& one : a.values) { list.push(parsed(one)); }
        v.set("values", std::move(list));
        return v;
    }
    const auto end = [&](double x) {
        if (a.whole) { return JsonValue::integer(std::llround(x)); }
        return a.unit.empty() ? JsonValue::number(x) : JsonValue::string(format_shortest(x) + " " + a.unit);
    };
    v.set("from", end(a.from));
    v.set("to", end(a.to));
    if (a.count > 0) { v.set("count", JsonValue::integer(a.count)); }
    if (a.logarithmic) { v.set("scale", JsonValue::string("log")); }
    if (a.step > 0) { v.set("step", JsonValue::number(a.step)); }
    return v;
}

}  // namespace

PortableSweep portable(const SweepConfig& c) {
    JsonValue v = JsonValue::object();
    v.set("name", JsonValue::string(c.name));
    v.set("base", JsonValue::string("base.json"));
    if (c.method == Method::list) {
        JsonValue& points = v.set("points", JsonValue::array());
        for (const std::vector<Setting>& settings : c.list) {
            JsonValue& point = points.push(JsonValue::object());
            for (const Setting& s : settings) { point.set(s.path, parsed(s.value)); }
        }
    } else {
        JsonValue& axes = v.set("axes", JsonValue::array());
        for (const Axis& a : c.axes) { axes.push(axis_json(a)); }
        JsonValue& sample = v.set("sample", JsonValue::object());
        const char* names[] = {"grid", "", "latin_hypercube", "sobol"};
        sample.set("method", JsonValue::string(names[static_cast<int>(c.method)]));
        if (c.method != Method::grid) {
            sample.set("points", JsonValue::integer(static_cast<std::int64_t>(c.sampled)));
        }
        if (c.method == Method::latin_hypercube) {
            sample.set("seed", JsonValue::integer(static_cast<std::int64_t>(c.seed)));
        }
    }
    v.set("filter", JsonValue::object()).set("keep", JsonValue::number(c.keep));
    JsonValue& limits = v.set("limits", JsonValue::object());
    limits.set("time", JsonValue::string(to_text(seconds(c.seconds))));
    limits.set("memory", JsonValue::string(to_text(bytes(c.memory))));
    JsonValue& objectives = v.set("objectives", JsonValue::array());
    for (const std::string& o : c.objectives) { objectives.push(JsonValue::string(o)); }
    const RunConfig base = configure(c, {});
    JsonValue run = parsed(base.effective_json);
    std::string imported;
    if (!base.workload.file.empty()) {
        std::ifstream file(base.workload.file, std::ios::binary);
        imported.assign(std::istreambuf_iterator<char>(file), {});
        if (!file.is_open() || file.bad()) { throw ConfigError(base.workload.file, "", "cannot be read"); }
        JsonValue workload = *run.find("workload");
        workload.set("file", JsonValue::string("workload.json"));
        run.set("workload", std::move(workload));
    }
    return {write_json(v) + "\n", write_json(run) + "\n", std::move(imported)};
}

}  // namespace tessera::sweep
