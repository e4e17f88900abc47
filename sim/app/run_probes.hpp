// Answers of many probes on one system, spread over child processes.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/app/parallel.hpp"

#include <string>
#include <vector>

namespace tessera {

struct ProbeAnswer {
    measured::Prediction prediction;
    std::string problem;  // why the model refused; empty if it did not
};

// An answer for each case, in order; that of a case without probe or with a problem is empty. A refused probe concerns
// only its own case. The answers do not depend on `jobs`.
std::vector<ProbeAnswer> run_probes(const std::vector<measured::Case>& cases, const SystemConfig& system, int jobs,
                                    const ProgressFn& progress = {});

}  // namespace tessera
