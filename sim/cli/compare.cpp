#include "sim/app/compare.hpp"

#include "sim/app/imported_run.hpp"
#include "sim/base/log.hpp"
#include "sim/cli/experiment.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/report_files.hpp"
#include "sim/cli/uncertainty.hpp"
#include "sim/cli/validation_summary.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"
#include "sim/report/console.hpp"
#include "sim/result/result_json.hpp"

#include <optional>
#include <ostream>

namespace tessera::cli {
namespace {

int run_compare(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string> sets = sets_of(arguments);
    const int jobs = jobs_of(arguments);
    const int samples = uncertainty_of(arguments);
    arguments.finish();
    const RunConfig config = load_experiment(arguments, sets);
    std::optional<OutputFolder> folder;
    if (arguments.has("--out")) { folder.emplace(arguments.text("--out")); }
    const Comparison c = compare(config, jobs, progress_bar("comparing"));
    std::optional<report::Uncertainty> bands;
    if (samples > 0) {
        const std::string path = find_config(
            "runs", arguments.positionals().empty() ? "deepseek_v3_train_chunk" : arguments.positionals().front());
        bands = variant_bands(path, sets, variants_of(config.compare, config.name), samples, jobs);
    }
    if (folder) {
        write_comparison(*folder,
                         {c, config.compare.proposals, validation_of(config, c.baseline),
                          command_of("compare", arguments, sets), recording_of(config), config.system.sm.count, bands});
        folder->commit();
        logger().info("wrote report.html, report.md, result.json and more to " + folder->path());
    }
    out << (arguments.has("--json") ? to_json(c) + "\n" : report::summary_text(c));
    if (bands && !arguments.has("--json")) { out << "\n" << report::summary_text(*bands); }
    return 0;
}

}  // namespace

Verb compare_verb() {
    Verb v;
    v.name = "compare";
    v.usage = "compare [EXPERIMENT] [--out DIR] [-j N]";
    v.summary = "today's system against every proposal: alone, all but one, all together";
    v.details =
        "EXPERIMENT is a file or the name of a shipped run; without one, DeepSeek-V3's training chunk pair on the "
        "H800.\n"
        "With --out: result.json, report.html, report.md, CSV tables, plots and a Perfetto timeline per variant.";
    v.examples = {{"tessera compare --out out", "the main experiment; then open out/report.html"},
                  {"tessera compare deepseek_v3_train_chunk_h200 --set workload.tokens=8192 --out out -j 2",
                   "the same on an H200 with twice the tokens, two variants at a time"}};
    v.options = simulation_options();
    v.options.insert(v.options.begin(),
                     {{"--out", "DIR", "folder for the report"}, jobs_option(), uncertainty_option()});
    v.operands = {{"EXPERIMENT", "a file or the name of a shipped run", configuration("runs")}};
    v.run = run_compare;
    return v;
}

}  // namespace tessera::cli
