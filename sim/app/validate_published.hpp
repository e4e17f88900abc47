// Validation against figures that DeepSeek published for whole workloads: a run, and the figures it must come near.
#pragma once

#include "sim/app/validation_report.hpp"
#include "sim/config/run_config.hpp"

#include <string>
#include <vector>

namespace tessera {

// Names of the sets: "isca-train", "profile-prefill", "profile-decode", "tpot-limit", "service".
std::vector<std::string> published_sets();

// Simulates the set's run (its name in configs/runs; `changes` as of --set) and holds its figures against the published
// ones, each with the limit that the set states; a figure may name another run. `time_s` is the run's time, any other
// name one of RunResult::figures. ConfigError: a set that does not exist, or a file that names a figure the run does
// not have.
ValidationReport validate_published(const std::string& set, const std::vector<std::string>& changes);

}  // namespace tessera
