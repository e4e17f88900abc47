#include "sim/app/sensitivity.hpp"

#include "sim/base/error.hpp"
#include "sim/base/field_writer.hpp"
#include "sim/base/json.hpp"
#include "sim/base/quantity_text.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace tessera {
namespace {

constexpr char kAssumed[] = "assumed";
constexpr double kShares[] = {0.20, 0.15, 0.10, 0.05};

std::optional<std::string> moved_quantity(const std::string& text, double factor) {
    for (const Dimension d : {Dimension::bytes, Dimension::time}) {
        const auto read = read_integer_quantity(text, d);
        if (read.problem.empty() && read.raw != 0) {
            return integer_quantity_text(std::llround(static_cast<double>(read.raw) * factor), d);
        }
    }
    for (const Dimension d : {Dimension::bandwidth, Dimension::frequency, Dimension::power, Dimension::energy}) {
        const auto read = read_real_quantity(text, d);
        if (read.problem.empty() && read.raw != 0) { return real_quantity_text(read.raw * factor, d); }
    }
    return {};
}

// `value` times 1 + share, as JSON text; nothing if it does not move.
std::optional<std::string> moved(const std::string& text, double share) {
    const JsonValue value = parse_json(text, "an assumed value");
    if (value.kind() == JsonValue::Kind::boolean) {
        return share > 0 ? std::optional<std::string>(value.as_boolean() ? "false" : "true") : std::nullopt;
    }
    if (value.kind() == JsonValue::Kind::integer) {
        const std::int64_t n = value.as_integer();
        const auto step = std::max<std::int64_t>(1, std::llround(std::abs(static_cast<double>(n) * share)));
        return n == 0 ? std::nullopt : std::optional<std::string>(std::to_string(share > 0 ? n + step : n - step));
    }
    if (value.kind() == JsonValue::Kind::number) {
        // Six digits: 0.9775, not 0.9774999999999999.
        const double exact = value.as_double() * (1 + share);
        const double unit = exact == 0 ? 1 : std::pow(10.0, std::floor(std::log10(std::abs(exact))) - 5);
        const double v = unit < 1 ? std::round(exact / unit) / std::round(1 / unit) : std::round(exact / unit) * unit;
        return v == 0 ? std::nullopt : std::optional<std::string>(write_json(plain_number(v), 0));
    }
    const std::optional<std::string> q = moved_quantity(value.as_string(), 1 + share);
    return q ? std::optional<std::string>(write_json(JsonValue::string(*q), 0)) : std::nullopt;
}

struct Move {
    std::string value;
    RunConfig config;
};

// The farthest value in this direction that the configuration accepts.
std::optional<Move> move_of(const LoadWith& load, const Assumption& a, double direction) {
    for (const double share : kShares) {
        const std::optional<std::string> value = moved(a.value, direction * share);
        if (!value) { return {}; }
        try {
            return Move{*value, load({a.path + "=" + *value})};
        } catch (const ConfigError&) {}
    }
    return {};
}

std::string encode(const std::map<std::string, double>& figures) {
    JsonValue out = JsonValue::object();
    for (const auto& [name, value] : figures) { out.set(name, JsonValue::number(value)); }
    return write_json(out, 0);
}

std::map<std::string, double> decode(const std::string& text) {
    std::map<std::string, double> figures;
    const JsonValue document = parse_json(text, "a moved run's answer");
    for (const auto& [name, value] : document.members()) { figures[name] = value.as_double(); }
    return figures;
}

// What a child answers: figures, or a problem behind an exclamation mark.
std::string answer(const SimulateRun& simulate, const RunConfig& config) {
    try {
        return encode(all_figures(simulate(config)));
    } catch (const ModelError& e) { return std::string("!") + e.what(); } catch (const ConfigError& e) {
        return std::string("!") + e.what();
    }
}

JsonValue to_value(const Sensitivity::Moved& m, const std::map<std::string, double>& base) {
    JsonValue out = JsonValue::object();
    if (m.value.empty()) { return out; }
    out.set("value", parse_json(m.value, "a moved value"));
    if (!m.problem.empty()) {
        out.set("problem", JsonValue::string(m.problem));
        return out;
    }
    JsonValue change = JsonValue::object();
    for (const auto& [name, value] : base) {
        const auto it = m.figures.find(name);
        if (value != 0 && it != m.figures.end()) { change.set(name, JsonValue::number(it->second / value - 1)); }
    }
    out.set("change", std::move(change));
    return out;
}

}  // namespace

std::map<std::string, double> all_figures(const RunResult& result) {
    std::map<std::string, double> figures = result.figures;
    figures["time_s"] = to_seconds(result.time);
    return figures;
}

std::vector<Assumption> assumptions_of(const RunConfig& config) {
    std::vector<Assumption> list;
    const JsonValue document = parse_json(provenance_json(config), "provenance");
    for (const auto& [pointer, entry] : document.members()) {
        const JsonValue* source = entry.find("source");
        if (pointer.rfind("/workload/", 0) != 0 || source == nullptr) { continue; }
        const std::string& said = source->as_string();
        if (said.rfind(kAssumed, 0) != 0) { continue; }
        const JsonValue& value = *entry.find("value");
        const std::string text = write_json(value, 0);
        const bool scalar = value.is_number() || value.kind() == JsonValue::Kind::boolean ||
                            (value.is_string() && moved_quantity(value.as_string(), 1.0));
        if (!scalar) { continue; }
        std::string path = pointer.substr(1);
        std::replace(path.begin(), path.end(), '/', '.');
        list.push_back({path, text, said});
    }
    return list;
}

Sensitivity sensitivity(const LoadWith& load, const SimulateRun& simulate, int jobs, const ProgressFn& progress) {
    const RunConfig config = load({});
    Sensitivity s;
    s.figures = all_figures(simulate(config));
    std::vector<Work> work;
    std::vector<Sensitivity::Moved*> targets;
    for (const Assumption& a : assumptions_of(config)) { s.rows.push_back({a, {}, {}}); }
    for (Sensitivity::Row& row : s.rows) {
        for (const double direction : {-1.0, 1.0}) {
            std::optional<Move> move = move_of(load, row.assumption, direction);
            if (!move) { continue; }
            Sensitivity::Moved& target = direction < 0 ? row.low : row.high;
            target.value = move->value;
            targets.push_back(&target);
            work.push_back({row.assumption.path + "=" + move->value,
                            [&simulate, changed = std::move(move->config)] { return answer(simulate, changed); }});
        }
    }
    const std::vector<std::string> answers = run_in_processes(work, jobs, progress);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i][0] == '!') {
            targets[i]->problem = answers[i].substr(1);
        } else {
            targets[i]->figures = decode(answers[i]);
        }
    }
    return s;
}

std::string to_json(const Sensitivity& s, int indent) {
    JsonValue figures = JsonValue::object(), list = JsonValue::array();
    for (const auto& [name, value] : s.figures) { figures.set(name, JsonValue::number(value)); }
    for (const Sensitivity::Row& row : s.rows) {
        JsonValue& one = list.push(JsonValue::object());
        one.set("path", JsonValue::string(row.assumption.path));
        one.set("value", parse_json(row.assumption.value, "an assumed value"));
        one.set("source", JsonValue::string(row.assumption.source));
        one.set("low", to_value(row.low, s.figures));
        one.set("high", to_value(row.high, s.figures));
    }
    JsonValue out = JsonValue::object();
    out.set("figures", std::move(figures));
    out.set("assumptions", std::move(list));
    return write_json(out, indent);
}

}  // namespace tessera
