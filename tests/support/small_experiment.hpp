// An experiment small enough for tests: one layer, 512 tokens, one rank, a fixed clock. Same operators and proposals
// as the built-in default.
#pragma once

#include <string>
#include <vector>

namespace tessera::testing {

inline std::vector<std::string> small_experiment() {
    std::vector<std::string> words;
    for (const char* set :
         {"workload.layers=1", "workload.tokens=512", "workload.sequence=512", "workload.router.load=balanced",
          "simulation.simulated_ranks=1", "simulation.clock=sustained"}) {
        words.insert(words.end(), {"--set", set});
    }
    return words;
}

// `verb` with its own words, on the small experiment.
inline std::vector<std::string> on_small(std::vector<std::string> verb) {
    const std::vector<std::string> sets = small_experiment();
    verb.insert(verb.end(), sets.begin(), sets.end());
    return verb;
}

}  // namespace tessera::testing
