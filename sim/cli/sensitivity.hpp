// Assumptions of a run and what its result makes of them, as text.
#pragma once

#include "sim/app/sensitivity.hpp"

#include <string>

namespace tessera::cli {

// The figures of a result, one a line; empty if it has none.
std::string figures_text(const RunResult& result);

// One line per assumption: value, what it is moved to, and the change of the time and of the figure by which the
// workload is judged (tokens per second, or else the first that changes).
std::string sensitivity_text(const Sensitivity& sensitivity);

// The assumptions alone, for a run that is not repeated; empty if there are none. `repeat` is the command that shows
// what they are worth.
std::string assumptions_text(const RunConfig& config, const std::string& repeat);

}  // namespace tessera::cli
