// Everything that `compare` and `run` leave in their output folder.
#pragma once

#include "sim/cli/output_folder.hpp"
#include "sim/config/run_config.hpp"
#include "sim/report/report.hpp"

#include <optional>
#include <string>

namespace tessera::cli {

struct ComparisonFiles {
    const RunConfig& config;
    const Comparison& comparison;
    std::optional<report::ValidationSummary> validation;
    std::string command;  // that gives the report again
};

// result.json, report.html, report.md, variants.csv, classes.csv, timelines/<id>.json and plots/. Without python3 or
// matplotlib a warning is logged and the plots are left out. Does not commit the folder.
void write_comparison(OutputFolder& folder, const ComparisonFiles& files);

}  // namespace tessera::cli
