#include "sim/app/chakra_files.hpp"
#include "sim/base/log.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/verbs.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

int run(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string>& words = arguments.positionals();
    if (words.empty() || words[0] != "chakra") {
        arguments.problem("export needs the kind of trace first: chakra", "tessera export chakra WORKLOAD --out DIR");
    } else if (words.size() < 2) {
        arguments.problem("export chakra needs a workload", "a file of 'tessera import', or a run");
    }
    if (!arguments.has("--out")) { arguments.problem("export needs a folder", "--out DIR"); }
    const int given = static_cast<int>(arguments.integer("--ranks", 0, 1, 4096));
    arguments.finish();
    OutputFolder folder(arguments.text("--out"));
    traces::ImportedWorkload w = exportable_workload(words[1]);
    const int ranks = given > 0 ? given : w.ranks;
    const std::size_t tasks = w.tasks.size();
    const std::map<std::string, std::string> files = chakra_files(std::move(w), ranks);
    for (const auto& [name, content] : files) { folder.write(name, content); }
    folder.commit();
    logger().info("wrote " + std::to_string(files.size()) + " files to " + folder.path());
    out << tasks << " nodes for each of " << ranks << " ranks\n";
    return 0;
}

}  // namespace

Verb export_verb() {
    Verb v;
    v.name = "export";
    v.usage = "export chakra WORKLOAD --out DIR [--ranks N]";
    v.summary = "a workload as MLCommons execution traces, which ASTRA-sim and others read";
    v.details =
        "WORKLOAD is a file of 'tessera import', or a run, whose baseline is simulated for the durations. Writes\n"
        "NAME.RANK.et for every rank (all run the same program) and comm_group.json.";
    v.examples = {{"tessera export chakra deepseek_v3_train_chunk --out et --ranks 8",
                   "the training chunk with simulated durations, for eight ranks"}};
    v.options = {{"--out", "DIR", "folder for the traces"},
                 {"--ranks", "N", "ranks to write; default: those of the workload"}};
    v.operands = {{"KIND", "of the trace", one_of({"chakra"})}, {"WORKLOAD", "file or run", configuration("runs")}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
