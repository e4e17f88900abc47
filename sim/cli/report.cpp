#include "sim/report/report.hpp"

#include "sim/app/compare.hpp"
#include "sim/base/log.hpp"
#include "sim/cli/experiment.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/report_files.hpp"
#include "sim/cli/stored_result.hpp"
#include "sim/cli/validation_summary.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/report/console.hpp"
#include "sim/report/side_by_side.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

std::string command_for(const std::vector<std::string>& files, const std::vector<std::string>& labels) {
    std::string command = "tessera report";
    for (const std::string& f : files) { command += " " + shell_quoted(f); }
    for (const std::string& l : labels) { command += " --label " + shell_quoted(l); }
    return command + " --out DIR";
}

// The report of one result, below `inside` ("" or "name/").
void write_one(OutputFolder& folder, const std::string& inside, const StoredResult& r) {
    const Comparison& c = r.comparison;
    std::optional<report::ValidationSummary> validation;
    if (r.config) { validation = validation_of(*r.config, c.baseline); }
    write_comparison(folder, {c, r.proposals, std::move(validation), command_for({r.file}, {})}, inside);
}

void write_several(OutputFolder& folder, const report::SideBySide& merged) {
    const report::Document document = report::side_by_side_report(merged);
    folder.write("report.html", report::to_html(document));
    folder.write("report.md", report::to_markdown(document));
    folder.write("variants.csv", report::side_by_side_csv(merged.results));
}

int run(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string>& files = arguments.positionals();
    const std::vector<std::string>& labels = arguments.all("--label");
    if (files.empty()) { arguments.problem("report needs a RESULT", "the result.json of 'tessera compare'"); }
    if (!arguments.has("--out")) { arguments.problem("report needs --out DIR"); }
    if (labels.size() > files.size()) { arguments.problem("there are more --label than results"); }
    arguments.finish();
    OutputFolder folder(arguments.text("--out"));
    const std::vector<StoredResult> results = read_results(files, labels);
    if (results.size() == 1) {
        write_one(folder, "", results.front());
        out << report::summary_text(results.front().comparison);
    } else {
        report::SideBySide merged{{}, command_for(files, labels), code_version()};
        for (const StoredResult& r : results) {
            write_one(folder, r.label + "/", r);
            merged.results.push_back({r.label, &r.comparison, r.label + "/report.html"});
        }
        write_several(folder, merged);
        out << report::overview_text(merged.results);
    }
    folder.commit();
    logger().info("wrote report.html, report.md and more to " + folder.path());
    return 0;
}

}  // namespace

Verb report_verb() {
    Verb v;
    v.name = "report";
    v.usage = "report RESULT... --out DIR [--label NAME ...]";
    v.summary = "the report of results that were simulated before, several of them side by side";
    v.details =
        "RESULT is the result.json of 'tessera compare' or 'tessera run', also of an earlier version as long as its "
        "schema is known. One result gives its report again. Several give a page with their figures next to each "
        "other, workloads against proposals in one table (speed-up, bound, limiter), what tokens cost, and what "
        "differs "
        "between their configurations, and the report of each in a folder of its own.";
    v.examples = {{"tessera report out/result.json --out again", "the same report, drawn by this version"},
                  {"tessera report h800/result.json h200/result.json --label H800 --label H200 --out both",
                   "two systems side by side"},
                  {"tessera report chunk/result.json step/result.json prefill/result.json --out all",
                   "what the proposals are worth to each workload"}};
    v.operands = {{"RESULT", "result.json of a comparison or a run", a_file(), true}};
    v.options = {{"--out", "DIR", "folder for the report"},
                 {"--label", "NAME", "name of a result, in their order; default: its folder", true}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
