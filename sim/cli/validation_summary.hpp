// Validation as the report of a comparison shows it.
#pragma once

#include "sim/app/validation_report.hpp"
#include "sim/config/run_config.hpp"
#include "sim/report/report.hpp"

#include <optional>

namespace tessera::cli {

// Totals per operator class and the whole of a set that has them.
report::ValidationSummary validation_summary(const ValidationReport& validation);

// The error of `baseline` against the published timeline if `config` is the experiment that the timeline shows:
// same system, workload and simulation as the built-in default. Nothing if it is another, or the data are not there.
std::optional<report::ValidationSummary> validation_of(const RunConfig& config, const RunResult& baseline);

}  // namespace tessera::cli
