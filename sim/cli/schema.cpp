#include "sim/base/text.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

int run(Arguments& arguments, std::ostream& out) {
    if (arguments.positionals().empty()) {
        arguments.problem("schema needs a kind of configuration", "one of " + join(schema_kinds(), ", "));
    }
    arguments.finish();
    const std::string schema = json_schema(arguments.positionals().front());
    out << schema << (schema.empty() || schema.back() != '\n' ? "\n" : "");
    return 0;
}

}  // namespace

Verb schema_verb() {
    Verb v;
    v.name = "schema";
    v.usage = "schema KIND";
    v.summary = "the JSON Schema of a kind of configuration: " + join(schema_kinds(), ", ");
    v.details = "Editors check and complete configurations by it: \"$schema\" in a file may name where it was saved.";
    v.examples = {{"tessera schema run > run.schema.json", "the schema of an experiment, for an editor"}};
    v.operands = {{"KIND", "of configuration", one_of(schema_kinds())}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
