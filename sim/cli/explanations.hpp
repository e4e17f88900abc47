// Words about what has a name besides proposals: configurations, results, families of measurements, operator classes.
#pragma once

#include "sim/base/json.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

// Every value of a shipped configuration or a file of one, with the file that set it and its source; `kind` is one of
// config_kinds(). ConfigError as its loader throws it.
std::string configuration_text(const std::string& kind, const std::string& file);

// The kind of configuration that an object is, by its sections, or "".
std::string kind_of_config(const JsonValue& root);

// What a result.json says: the table and findings of a comparison, the summary of a run; or the kind, version and size
// of another document of tessera's. ConfigError if it is none.
std::string result_text(const JsonValue& root, const std::string& file);

// The figures that a family of measurements is meant to reach and the reasons of its known deviations, "" if the name
// is no family that any goal or deviation states.
std::string family_text(const std::string& name);
std::vector<std::string> family_names();

}  // namespace tessera::cli
