#include "sim/app/import_workload.hpp"

#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"
#include "sim/traces/import_trace.hpp"
#include "sim/traces/kineto/kineto_reader.hpp"

namespace tessera {

using traces::ImportedWorkload;
using traces::ImportShare;
using traces::ImportSummary;
using traces::RuleFile;

std::vector<std::string> shipped_rules() { return shipped_configs("rules"); }

ImportedWorkload import_kineto(const std::string& trace, const std::vector<std::string>& rules) {
    std::vector<RuleFile> files;
    for (const std::string& name : rules) { files.push_back(traces::read_rules(find_config("rules", name))); }
    const traces::RecordedTrace recorded = traces::read_kineto(trace);
    if (!rules.empty()) { return traces::import_trace(recorded, files); }
    ImportedWorkload best = traces::import_trace(recorded, {});
    double named = 0;
    for (const std::string& name : shipped_rules()) {
        ImportedWorkload w = traces::import_trace(recorded, {traces::read_rules(find_config("rules", name))});
        const double share = traces::summarize(w).named;
        if (share > named) {
            named = share;
            best = std::move(w);
        }
    }
    return best;
}

namespace {

constexpr std::size_t most_listed = 20;

std::string padded(std::string s, std::size_t width) {
    s.resize(std::max(width, s.size()), ' ');
    return s;
}

std::string list(const char* title, const std::vector<ImportShare>& shares) {
    if (shares.empty()) { return {}; }
    std::string out = std::string("\n") + title + "\n";
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (i == most_listed) {
            ImportShare rest;
            for (; i < shares.size(); ++i) {
                rest.time += shares[i].time;
                rest.share += shares[i].share;
                rest.kernels += shares[i].kernels;
            }
            out += "  " + padded("others", 34) + padded(std::to_string(rest.kernels), 8) +
                   padded(human(rest.time), 12) + percent(rest.share) + "\n";
            break;
        }
        const ImportShare& s = shares[i];
        out += "  " + padded(s.what, 34) + padded(std::to_string(s.kernels), 8) + padded(human(s.time), 12) +
               percent(s.share) + "\n";
    }
    return out;
}

JsonValue json_list(const std::vector<ImportShare>& shares) {
    JsonValue a = JsonValue::array();
    for (const ImportShare& s : shares) {
        JsonValue o = JsonValue::object();
        o.set("what", JsonValue::string(s.what));
        o.set("kernels", JsonValue::integer(s.kernels));
        o.set("time_s", JsonValue::number(to_seconds(s.time)));
        o.set("share", JsonValue::number(s.share));
        a.push(std::move(o));
    }
    return a;
}

}  // namespace

std::string import_text(const ImportedWorkload& w) {
    const ImportSummary s = traces::summarize(w);
    std::string out = w.name + ": " + std::to_string(w.tasks.size()) + " kernels and copies on " +
                      std::to_string(w.streams.size()) + " streams, " + human(w.wall()) +
                      (w.device.empty() ? "" : ", " + w.device) + "\n";
    out += "named by rules (" + (w.rules.empty() ? std::string("none") : w.rules) + "): " + percent(s.named) +
           " of the kernels' time; with a shape, so that proposals change them: " + percent(s.shaped) + "\n";
    out += list("classes                             kernels time        share", s.classes);
    out += list("unknown: no rule names them, recorded time stands", s.unknown);
    out += list("named without a shape: recorded time stands", s.unshaped);
    if (!w.notes.empty()) { out += "\nnotes\n"; }
    for (const traces::WorkloadNote& n : w.notes) {
        out += "  " + n.what + (n.count > 0 ? ": " + std::to_string(n.count) : "") +
               (n.first.empty() ? "" : " (" + join(n.first, ", ") + ")") + "\n";
    }
    return out;
}

std::string import_json(const ImportedWorkload& w) {
    const ImportSummary s = traces::summarize(w);
    JsonValue o = JsonValue::object();
    o.set("schema", JsonValue::string("tessera.import/1"));
    o.set("name", JsonValue::string(w.name));
    o.set("rules", JsonValue::string(w.rules));
    o.set("device", JsonValue::string(w.device));
    o.set("kernels", JsonValue::integer(static_cast<std::int64_t>(w.tasks.size())));
    o.set("streams", JsonValue::integer(static_cast<std::int64_t>(w.streams.size())));
    o.set("wall_s", JsonValue::number(to_seconds(w.wall())));
    o.set("named_share", JsonValue::number(s.named));
    o.set("shaped_share", JsonValue::number(s.shaped));
    o.set("classes", json_list(s.classes));
    o.set("unknown", json_list(s.unknown));
    o.set("unshaped", json_list(s.unshaped));
    JsonValue notes = JsonValue::array();
    for (const traces::WorkloadNote& n : w.notes) {
        JsonValue v = JsonValue::object();
        v.set("what", JsonValue::string(n.what));
        v.set("count", JsonValue::integer(n.count));
        notes.push(std::move(v));
    }
    o.set("notes", std::move(notes));
    return write_json(o) + "\n";
}

}  // namespace tessera
