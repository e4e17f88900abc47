// The experiment that a command line names.
#pragma once

#include "sim/cli/arguments.hpp"
#include "sim/config/run_config.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

// The first positional argument as a file or a shipped run, the built-in default without one; then the sets.
RunConfig load_experiment(const Arguments& arguments, const std::vector<std::string>& sets);

// "tessera VERB EXPERIMENT --set ... --out DIR", quoted for a shell; the folder's own name is left out, so that a
// report does not depend on where it was written.
std::string command_of(const std::string& verb, const Arguments& arguments, const std::vector<std::string>& sets);

// `word` as a shell reads it back: in single quotes if it holds anything but letters, digits and -_./=,:+@%
std::string shell_quoted(const std::string& word);

}  // namespace tessera::cli
