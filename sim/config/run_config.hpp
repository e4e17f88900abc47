// One experiment: a system, a workload, the proposals to weigh, and how to simulate.
#pragma once

#include "sim/base/provenance.hpp"
#include "sim/config/system_config.hpp"
#include "sim/config/workload_config.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera {

// A proposal and the parameters the user changed, by name; values are kept as text with unit until the
// proposal's own typed parameters read them.
struct ProposalChoice {
    std::string slug;
    std::map<std::string, std::string> parameters;  // JSON text of each value
    bool operator==(const ProposalChoice& o) const { return slug == o.slug && parameters == o.parameters; }
};

enum class ClockMode { sustained, power_model, fixed };

struct SimulationConfig {
    ClockMode clock = ClockMode::power_model;
    Frequency fixed_clock{};  // for ClockMode::fixed
    bool exact = false;
    bool replay_recorded = false;
    int simulated_ranks = 0;  // ranks whose load is simulated for barrier waits; 0: all expert ranks
    std::uint64_t seed = 1;
};

struct CompareConfig {
    std::vector<ProposalChoice> proposals;  // the proposals to weigh; empty: all registered
    bool each_alone = true, all_but_one = true, all_together = true;
    std::vector<std::string> combinations;  // further variants: slugs joined by '+'
};

struct RunConfig {
    std::string name;
    SystemConfig system;
    WorkloadConfig workload;
    std::vector<ProposalChoice> proposals;  // switched on in a plain `run`
    CompareConfig compare;
    SimulationConfig simulation;
    std::map<std::string, Provenance> provenance;  // by JSON pointer of the effective configuration
    std::string effective_json;                    // the effective configuration, canonical text
};

}  // namespace tessera
