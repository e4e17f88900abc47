#include "sim/cli/explanations.hpp"

#include "sim/app/accuracy_goals.hpp"
#include "sim/app/deviation_ledger.hpp"
#include "sim/base/field_writer.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/wrapped.hpp"
#include "sim/config/loader.hpp"
#include "sim/report/console.hpp"
#include "sim/report/report.hpp"
#include "sim/result/result_json.hpp"

#include <algorithm>

namespace tessera::cli {
namespace {

// "/system/hbm/peak" -> "system.hbm" and "peak".
std::pair<std::string, std::string> parted(const std::string& pointer) {
    const std::size_t last = pointer.rfind('/');
    std::string section = last == 0 || last == std::string::npos ? std::string() : pointer.substr(1, last - 1);
    std::replace(section.begin(), section.end(), '/', '.');
    return {section, pointer.substr(last == std::string::npos ? 0 : last + 1)};
}

std::string text_of(const std::vector<report::Assumption>& values) {
    std::string out, section;
    for (const report::Assumption& a : values) {
        const auto [place, name] = parted(a.path);
        if (place != section || out.empty()) {
            out += (out.empty() ? "" : "\n") + (place.empty() ? std::string("top level") : place) + "\n";
            section = place;
        }
        out += "  " + name + " = " + a.value + "\n" +
               wrapped(a.source.empty() ? "from " + a.origin : a.source + " (" + a.origin + ")", "      ");
    }
    return out;
}

std::vector<report::Assumption> values_of_system(const std::string& file) {
    std::map<std::string, Provenance> origins;
    const SystemConfig system = load_system(file, origins);
    std::vector<report::Assumption> out;
    for (const auto& [pointer, text] : flatten(parse_json(to_json(system), file))) {
        const JsonValue value = parse_json(text, file);
        const auto known = origins.find(pointer);
        const Provenance from = known == origins.end() ? Provenance{"default", ""} : known->second;
        out.push_back({pointer, value.is_string() ? value.as_string() : text, from.origin, from.source});
    }
    return out;
}

std::string limit(const char* what, double value) {
    return value > 0 ? std::string(what) + " " + percent(value) + ", " : std::string();
}

bool names_family(const CaseFilter& filter, const std::string& name) {
    return std::any_of(filter.families.begin(), filter.families.end(), [&](const std::string& f) {
        const bool open = !f.empty() && f.back() == '*';
        return f == name || (open && name.rfind(f.substr(0, f.size() - 1), 0) == 0);
    });
}

}  // namespace

std::string configuration_text(const std::string& kind, const std::string& file) {
    if (kind == "systems") { return text_of(values_of_system(file)); }
    if (kind == "runs") { return text_of(report::assumptions_of(provenance_json(load_run_config(file)))); }
    if (kind == "models") { load_model(file); }  // refuses what is none
    return write_json(read_json_file(file)) + "\n";
}

std::string kind_of_config(const JsonValue& root) {
    if (!root.is_object()) { return {}; }
    if (root.find("axes") != nullptr) { return "sweeps"; }
    const std::vector<std::string> schemas = {"system", "model", "run"};  // as config_kinds()
    for (std::size_t i = 0; i < schemas.size(); ++i) {
        const JsonValue schema = parse_json(json_schema(schemas[i]), "schema");
        bool own = false, foreign = false;
        for (const auto& member : root.members()) {
            const std::string& key = member.first;
            if (key == "name" || key == "extends" || key == "sources" || key == "$schema") { continue; }
            (schema.find("properties")->find(key) == nullptr ? foreign : own) = true;
        }
        if (own && !foreign) { return config_kinds()[i]; }
    }
    return {};
}

std::string result_text(const JsonValue& root, const std::string& file) {
    const std::string schema = schema_of(root);
    if (schema == compare_schema) { return report::summary_text(comparison_from_json(root, file)); }
    if (schema == run_schema) {
        const RunDocument d = run_from_json(root, file);
        return report::summary_text(d.run, d.workload, d.system);
    }
    if (schema.rfind("tessera.", 0) != 0) {
        throw ConfigError(file, "/schema", "expected a configuration or a result of tessera");
    }
    std::string text = "a document of the form " + schema + "\n";
    for (const auto& [key, value] : root.members()) {
        if (value.is_array()) { text += "  " + key + ": " + std::to_string(value.items().size()) + " entries\n"; }
        if (value.is_object()) { text += "  " + key + ": " + std::to_string(value.members().size()) + " members\n"; }
    }
    return text;
}

std::string family_text(const std::string& name) {
    std::string goals, reasons;
    for (const AccuracyGoal& g : accuracy_goals()) {
        if (!names_family(g.cases, name)) { continue; }
        const std::string limits = limit("median", g.median) + limit("90th percentile", g.p90) +
                                   limit("worst", g.worst) + limit("mean", g.mean);
        goals += wrapped(g.name + ": " + limits.substr(0, limits.size() - 2), "  ");
    }
    for (const Deviation& d : deviation_ledger().entries) {
        if (names_family(d.cases, name)) { reasons += wrapped(d.reason + ".", "  "); }
    }
    if (goals.empty() && reasons.empty()) { return {}; }
    std::string text = name + ": a family of measurements that 'tessera validate' compares with\n";
    if (!goals.empty()) { text += "\nErrors that it is meant to stay below, in a group of families\n" + goals; }
    if (!reasons.empty()) { text += "\nWhy predictions of it can be far off\n" + reasons; }
    return text;
}

std::vector<std::string> family_names() {
    std::vector<std::string> names;
    const auto add = [&](const CaseFilter& filter) {
        for (const std::string& f : filter.families) {
            if (f.find('*') == std::string::npos && std::find(names.begin(), names.end(), f) == names.end()) {
                names.push_back(f);
            }
        }
    };
    for (const AccuracyGoal& g : accuracy_goals()) { add(g.cases); }
    for (const Deviation& d : deviation_ledger().entries) { add(d.cases); }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace tessera::cli
