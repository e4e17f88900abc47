// Rule files: which recorded kernel is which operator, and what shape it has (configs/rules/README.md has the format).
#pragma once

#include "sim/base/json.hpp"
#include "sim/ir/task_graph.hpp"
#include "sim/traces/glob.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tessera::traces {

using Formulas = std::vector<std::pair<std::string, std::string>>;  // name, formula; in order

// One operator among those that a rule knows in a region, told apart by the order of launch.
struct RuleRole {
    std::string role;
    std::optional<std::string> op_class;
    std::optional<TaskPass> pass;
    std::string when;  // a condition that must hold as well; empty: none
    Formulas let;      // names for the kernel's formulas
    Formulas sets;     // names for every kernel of the iteration
};

struct Rule {
    Glob name;
    std::string when;                                               // empty: always
    RuleRole common;                                                // what the roles do not say
    std::vector<std::pair<std::string, std::vector<RuleRole>>> in;  // by region, in order of launch; empty: anywhere
    std::optional<JsonValue> kernel;  // numbers may be formulas; none: known, but has no shape
    std::string sms;                  // formula: SMs of a persistent grid; empty: none
    std::string pointer;              // in its file, for messages
};

struct RuleFile {
    std::string file, name;
    std::map<std::string, std::int64_t> constants;
    std::vector<Glob> communication;  // kernels that drive links; their streams communicate
    std::vector<Rule> rules;          // the first that matches counts
};

// ConfigError with every problem found: unknown members, patterns and formulas that do not read, kinds of kernels that
// do not exist or parameters that they do not have.
RuleFile read_rules(const std::string& path);
// JSON Schema 2020-12 of the format.
std::string rules_schema();
RuleFile parse_rules(const JsonValue& document, const std::string& file);

}  // namespace tessera::traces
