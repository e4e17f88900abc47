#include "sim/base/text.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"
#include "sim/sweep/sweep_config.hpp"
#include "sim/traces/rules.hpp"
#include "sim/traces/workload.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

std::vector<std::string> all_kinds() {
    std::vector<std::string> kinds = schema_kinds();
    kinds.insert(kinds.end(), {"sweep", "imported", "rules"});
    return kinds;
}

std::string schema_of(const std::string& kind) {
    if (kind == "imported") { return traces::workload_schema(); }
    if (kind == "sweep") { return sweep::sweep_schema(); }
    if (kind == "rules") { return traces::rules_schema(); }
    return json_schema(kind);
}

int run(Arguments& arguments, std::ostream& out) {
    if (arguments.positionals().empty()) {
        arguments.problem("schema needs a kind of configuration", "one of " + join(all_kinds(), ", "));
    }
    arguments.finish();
    const std::string schema = schema_of(arguments.positionals().front());
    out << schema << (schema.empty() || schema.back() != '\n' ? "\n" : "");
    return 0;
}

}  // namespace

Verb schema_verb() {
    Verb v;
    v.name = "schema";
    v.usage = "schema KIND";
    v.summary = "the JSON Schema of a kind of configuration: " + join(all_kinds(), ", ");
    v.details = "Editors check and complete configurations by it: \"$schema\" in a file may name where it was saved.";
    v.examples = {{"tessera schema run > run.schema.json", "the schema of an experiment, for an editor"}};
    v.operands = {{"KIND", "of configuration", one_of(all_kinds())}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
