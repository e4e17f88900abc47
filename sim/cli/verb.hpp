// What a verb of the program declares: its words, its options, an example, and the function that does it.
#pragma once

#include "sim/app/parallel.hpp"
#include "sim/cli/arguments.hpp"

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace tessera::cli {

struct Verb {
    std::string name;
    std::string usage;                                          // "compare [EXPERIMENT] [--out DIR] [-j N]"
    std::string summary;                                        // one line
    std::string details;                                        // a few lines for --help
    std::vector<std::pair<std::string, std::string>> examples;  // command, what it gives
    std::vector<OptionSpec> options;                            // beside those of common_options()
    std::vector<OperandSpec> operands;                          // what Arguments::positionals() may hold
    // Writes results to `out`; failures are exceptions. The result is the exit code, 0 or 1.
    int (*run)(Arguments& arguments, std::ostream& out) = nullptr;
};

// How many operands the verb takes at most.
std::size_t most_operands(const Verb& verb);

// --json, --quiet, --help, --version: every verb takes them.
std::vector<OptionSpec> common_options();
// The verb's own options, then the common ones that it does not declare in its own way.
std::vector<OptionSpec> options_of(const Verb& verb);
// --set, --exact, --seed: verbs that simulate a configuration take these as well. sets_of() turns them into
// "path=value" in the order of the options.
std::vector<OptionSpec> simulation_options();
std::vector<std::string> sets_of(Arguments& arguments);
// -j N, by default one per processor.
OptionSpec jobs_option();
int jobs_of(Arguments& arguments);

// A bar with `title` whose length is known with the first piece that ends.
ProgressFn progress_bar(const std::string& title);

}  // namespace tessera::cli
