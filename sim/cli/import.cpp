#include "sim/app/chakra_files.hpp"
#include "sim/app/import_workload.hpp"
#include "sim/base/log.hpp"
#include "sim/cli/verbs.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

traces::ImportedWorkload imported(Arguments& arguments) {
    const std::vector<std::string>& words = arguments.positionals();
    const bool chakra = !words.empty() && words[0] == "chakra";
    if (words.empty() || (words[0] != "kineto" && !chakra)) {
        arguments.problem("import needs the kind of trace first: kineto or chakra",
                          "tessera import kineto TRACE -o WORKLOAD");
    } else if (words.size() < 2) {
        arguments.problem("import " + words[0] + " needs a trace",
                          chakra ? "a folder of NAME.RANK.et files" : "a file");
    }
    if (!arguments.has("-o")) { arguments.problem("import needs a file to write", "-o WORKLOAD"); }
    if (chakra && arguments.has("--rules")) { arguments.problem("--rules are for kineto traces"); }
    if (!chakra && (arguments.has("--rank") || arguments.has("--system"))) {
        arguments.problem("--rank and --system are for chakra traces");
    }
    const int rank = static_cast<int>(arguments.integer("--rank", 0, 0, 1 << 24));
    arguments.finish();
    return chakra ? import_chakra(words[1], rank, arguments.text("--system", "h800"))
                  : import_kineto(words[1], arguments.all("--rules"));
}

int run(Arguments& arguments, std::ostream& out) {
    const traces::ImportedWorkload w = imported(arguments);
    write_file_atomically(arguments.text("-o"), traces::to_json(w));
    logger().info("wrote " + arguments.text("-o"));
    out << (arguments.has("--json") ? import_json(w) : import_text(w));
    return 0;
}

}  // namespace

Verb import_verb() {
    Verb v;
    v.name = "import";
    v.usage = "import kineto|chakra TRACE -o WORKLOAD [--rules FILE]";
    v.summary = "a recorded trace as a workload that runs and comparisons take";
    v.details =
        "kineto: TRACE is a PyTorch profiler trace (Chrome's event format, plain or gzip). Rule files name kernels and "
        "give them shapes; without --rules the shipped file that names most of the time is used. Kernels that no rule "
        "names keep their recorded time and are listed.\n"
        "chakra: TRACE is a folder of MLCommons execution traces, NAME.RANK.et, with comm_group.json beside them.\n"
        "A run takes the result as {\"workload\": {\"file\": \"w.json\"}}.";
    v.examples = {{"tessera import kineto trace.json.gz -o w.json", "streams, order, roles and shapes of the kernels"},
                  {"tessera import kineto trace.json -o w.json --rules mine.json --rules deepseek_v3",
                   "the same with rules of your own before the shipped ones"}};
    v.options = {{"-o", "FILE", "workload to write"},
                 {"--rules", "FILE", "rule file, or the name of a shipped one; earlier ones come first", true},
                 {"--rank", "N", "chakra: whose trace; default 0"},
                 {"--system", "NAME", "chakra: that nodes without a duration are timed for; default h800"}};
    v.operands = {{"KIND", "of the trace", one_of({"kineto", "chakra"})},
                  {"TRACE", "the recorded trace: a file, for chakra a folder", a_file()}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
