#include "sim/app/run.hpp"

#include "sim/app/compare.hpp"
#include "sim/app/imported_run.hpp"
#include "sim/app/run.hpp"
#include "sim/base/json.hpp"
#include "sim/base/log.hpp"
#include "sim/cli/experiment.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/sensitivity.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"
#include "sim/report/console.hpp"
#include "sim/report/perfetto.hpp"
#include "sim/result/result_json.hpp"

#include <optional>
#include <ostream>

namespace tessera::cli {
namespace {

int run_run(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string> sets = sets_of(arguments);
    if (arguments.positionals().empty()) {
        arguments.problem("run needs an experiment", "a file or a name of 'tessera list'");
    }
    const int jobs = jobs_of(arguments);
    arguments.finish();
    const RunConfig config = load_experiment(arguments, sets);
    std::optional<OutputFolder> folder;
    if (arguments.has("--out")) { folder.emplace(arguments.text("--out")); }
    TimerPool timers(simulated_devices());
    RunDocument document{config.workload.name, config.system.name, run(config, timers, {}), provenance_json(config),
                         code_version()};
    std::string json = to_json(document) + "\n";
    std::string more = figures_text(document.run);
    if (arguments.has("--sensitivity")) {
        const Sensitivity s = sensitivity(
            [&](const std::vector<std::string>& changes) {
                std::vector<std::string> all = sets;
                all.insert(all.end(), changes.begin(), changes.end());
                return load_experiment(arguments, all);
            },
            [&timers](const RunConfig& c) { return run(c, timers, {}); }, jobs, progress_bar("assumptions"));
        JsonValue whole = parse_json(json, "the result");
        whole.set("sensitivity", parse_json(to_json(s), "the sensitivity"));
        json = write_json(whole) + "\n";
        more += sensitivity_text(s);
    } else {
        more += assumptions_text(config, "--sensitivity");
    }
    if (folder) {
        folder->write("result.json", json);
        const std::optional<Timeline> recorded = recording_of(config);
        folder->write("timeline.json",
                      report::perfetto_json(document.run, {recorded ? &*recorded : nullptr, config.system.sm.count}));
        folder->commit();
        logger().info("wrote result.json and timeline.json to " + folder->path());
    }
    out << (arguments.has("--json") ? json
                                    : report::summary_text(document.run, document.workload, document.system) + more);
    return 0;
}

}  // namespace

Verb run_verb() {
    Verb v;
    v.name = "run";
    v.usage = "run CONFIG [--out DIR] [--sensitivity] [-j N]";
    v.summary = "one simulation: a workload on a system, with the proposals that its file switches on";
    v.details =
        "CONFIG is a file or the name of a shipped run. With --out: result.json and timeline.json, the latter for\n"
        "ui.perfetto.dev or chrome://tracing. --sensitivity moves each value of the workload that is assumed (its "
        "source\n"
        "in the file begins with that word) by 20 % down and up and tells how the figures change.";
    v.examples = {
        {"tessera run deepseek_v3_train_chunk --out out", "the baseline's time by operator class, and its timeline"},
        {"tessera run deepseek_v3_train_chunk --set 'proposals=[\"warp-cast\"]'", "the same with one proposal"}};
    v.options = simulation_options();
    v.options.insert(v.options.begin(), {{"--out", "DIR", "folder for result.json and timeline.json"},
                                         {"--sensitivity", "", "each assumed value moved by 20 % down and up"},
                                         jobs_option()});
    v.operands = {{"CONFIG", "a file or the name of a shipped run", configuration("runs")}};
    v.run = run_run;
    return v;
}

}  // namespace tessera::cli
