#include "sim/cli/starter.hpp"

#include "models/proposals/proposal.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"
#include "sim/sweep/sweep_config.hpp"

namespace tessera::cli {
namespace {

std::string quoted(const std::string& word) { return write_json(JsonValue::string(word), 0); }

// What one changes first in the workload of a shipped run, as that run has it.
std::string workload_values(const std::string& run) {
    const WorkloadConfig w = load_run_config(find_config("runs", run)).workload;
    if (w.kind == "serving") {
        return "    // Requests per second, and the units that take them.\n"
               "    \"serving\": {\n      \"arrivals\": " +
               format_shortest(w.serving.arrivals) +
               ",\n      \"prefill_units\": " + std::to_string(w.serving.prefill_units) +
               ",\n      \"decode_units\": " + std::to_string(w.serving.decode_units) + "\n    }\n";
    }
    return "    // Tokens of a micro-batch and of a sequence. Fewer are simulated faster and use the hardware less.\n"
           "    \"tokens\": " +
           std::to_string(w.tokens) + ",\n    \"sequence\": " + std::to_string(w.sequence) + "\n";
}

std::string experiment(const std::string& run) {
    std::string slugs;
    for (const Proposal* p : proposal_registry()) {
        slugs += "    //   " + std::string(p->slug()) + ": " + explanation(*p).title + "\n";
    }
    return R"(// An experiment: a system, a workload, and the proposals to weigh. "tessera compare experiment.json --out out"
// simulates it; "tessera compare experiment.json --set PATH=VALUE" changes one value for one run.
{
  "$schema": "schemas/run.schema.json",

  // Everything that is not written here comes from this shipped run; "tessera explain )" +
           run + R"(" shows it.
  "extends": )" +
           quoted(run) + R"(,
  "name": "my-experiment",

  // The path of a file, or the name of a shipped system ("tessera list").
  "system": "system.json",

  "workload": {
)" + workload_values(run) +
           R"(  },

  "compare": {
    // What is weighed: names, or an object from names to parameters, for example
    //   "proposals": {"comm-coprocessor": {"engines": 2}}
    // "tessera explain NAME" lists the parameters and answers what a proposal removes, adds and is limited by:
)" + slugs +
           R"(    "proposals": ["warp-cast", "group-scaled-mma"],
    // Which sets of them are simulated beside today's hardware.
    "each_alone": true,
    "all_but_one": true,
    "all_together": true
  },

  "simulation": {
    // "power_model": the clock that the power cap leaves. "sustained": one clock for all variants.
    "clock": "power_model",
    "seed": 1
  }
}
)";
}

std::string system_file(const std::string& system) {
    return R"(// A system that differs from a shipped one in a few values. Quantities carry their unit: "4.8 TB/s", "50 MiB".
{
  "$schema": "schemas/system.schema.json",
  "extends": )" +
           quoted(system) + R"(,
  "name": "my-system",
  "hbm": {
    "peak": "4.8 TB/s",
    // Where values come from: the report lists it beside them.
    "sources": {"peak": "what if: HBM3E at 4.8 TB/s"}
  }
}
)";
}

JsonValue texts(const std::vector<std::string>& words) {
    JsonValue out = JsonValue::array();
    for (const std::string& w : words) { out.push(JsonValue::string(w)); }
    return out;
}

// VS Code: which file follows which schema, and that JSON here may have comments.
std::string editor_settings() {
    JsonValue list = JsonValue::array();
    const auto add = [&](const std::string& kind, const std::vector<std::string>& files) {
        JsonValue entry = JsonValue::object();
        entry.set("fileMatch", texts(files));
        entry.set("url", JsonValue::string("./schemas/" + kind + ".schema.json"));
        list.push(std::move(entry));
    };
    add("run", {"experiment*.json", "runs/*.json"});
    add("system", {"system*.json", "systems/*.json"});
    add("model", {"model*.json", "models/*.json"});
    add("sweep", {"sweep*.json", "sweeps/*.json"});
    JsonValue comments = JsonValue::object();
    comments.set("*.json", JsonValue::string("jsonc"));
    JsonValue root = JsonValue::object();
    root.set("json.schemas", std::move(list));
    root.set("files.associations", std::move(comments));
    return write_json(root) + "\n";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> starter_files(const std::string& run, const std::string& system) {
    std::vector<std::pair<std::string, std::string>> files = {{"experiment.json", experiment(run)},
                                                              {"system.json", system_file(system)},
                                                              {".vscode/settings.json", editor_settings()}};
    for (const std::string& kind : schema_kinds()) {
        files.emplace_back("schemas/" + kind + ".schema.json", json_schema(kind) + "\n");
    }
    files.emplace_back("schemas/sweep.schema.json", sweep::sweep_schema() + "\n");
    return files;
}

}  // namespace tessera::cli
