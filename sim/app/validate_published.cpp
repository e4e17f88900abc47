#include "sim/app/validate_published.hpp"

#include "sim/app/run.hpp"
#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json_cursor.hpp"
#include "sim/config/loader.hpp"

#include <map>

namespace tessera {
namespace {

struct PublishedSet {
    const char* name;
    const char* file;
};
constexpr PublishedSet kSets[] = {{"isca-train", "workloads/deepseek_v3/published/isca_train.json"},
                                  {"profile-prefill", "workloads/deepseek_v3/published/profile_prefill.json"},
                                  {"profile-decode", "workloads/deepseek_v3/published/profile_decode.json"},
                                  {"service", "workloads/deepseek_v3/published/service.json"},
                                  {"tpot-limit", "workloads/deepseek_v3/published/tpot_limit.json"}};

std::string file_of(const std::string& set) {
    for (const PublishedSet& s : kSets) {
        if (set == s.name) {
            const std::string file = find_data(s.file);
            if (file.empty()) { throw ConfigError(s.file, "", "expected this file in one of the data folders"); }
            return file;
        }
    }
    throw ConfigError("command line", "", "no set of published figures is called \"" + set + "\"");
}

double figure_of(const RunResult& run, const JsonCursor& name) {
    if (name.text() == "time_s") { return to_seconds(run.time); }
    const auto it = run.figures.find(name.text());
    if (it == run.figures.end()) { name.fail("the run has no figure \"" + name.text() + "\""); }
    return it->second;
}

}  // namespace

std::vector<std::string> published_sets() {
    std::vector<std::string> names;
    for (const PublishedSet& s : kSets) { names.emplace_back(s.name); }
    return names;
}

ValidationReport validate_published(const std::string& set, const std::vector<std::string>& changes) {
    const std::string file = file_of(set);
    const JsonValue document = read_json_file(file);
    const JsonCursor root(document, file);
    TimerPool timers(simulated_devices());
    std::map<std::string, RunResult> results;
    ValidationReport report;
    const auto result_of = [&](const std::string& name) -> const RunResult& {
        const auto known = results.find(name);
        if (known != results.end()) { return known->second; }
        const RunConfig config = load_run_config(find_config("runs", name), changes);
        report.power_model = config.simulation.clock == ClockMode::power_model;
        return results[name] = run(config, timers, {});
    };
    report.set = set;
    report.source = root.text("source");
    for (const JsonCursor& item : root.at("figures").items()) {
        ValidationCase c;
        c.family = item.text_or("run", root.text("run"));
        c.variant = item.text("figure");
        c.id = c.family == root.text("run") ? c.variant : c.family + " " + c.variant;
        c.unit = item.text("unit");
        c.measured = item.positive("value");
        c.predicted = figure_of(result_of(c.family), item.at("figure"));
        c.set = set;
        ToleranceCheck t;
        t.what = c.id;
        t.error = c.error();
        t.limit = item.positive("limit");
        t.known_reason = c.known_reason = item.text_or("known_reason", "");
        report.tolerances.push_back(std::move(t));
        report.cases.push_back(std::move(c));
    }
    report.summary = summarize_cases(report.cases);
    return report;
}

}  // namespace tessera
