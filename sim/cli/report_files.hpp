// Everything that `compare` and `report` leave in their output folder.
#pragma once

#include "sim/cli/output_folder.hpp"
#include "sim/config/run_config.hpp"
#include "sim/report/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::cli {

struct ComparisonFiles {
    const Comparison& comparison;
    std::vector<ProposalChoice> proposals;  // weighed, with their parameters; empty: all of the registry
    std::optional<report::ValidationSummary> validation;
    std::string command;                 // that gives the report again
    std::optional<Timeline> recorded{};  // of an imported workload, for the timelines
    int sms = 0;                         // of the device, for the timelines; 0: not known
    std::optional<report::Uncertainty> uncertainty{};
};

// result.json, report.html, report.md, variants.csv, classes.csv, timelines/<id>.json and plots/. Without python3 or
// matplotlib a warning is logged and the plots are left out. Does not commit the folder.
// `inside` is a folder in it, "" or "name/".
void write_comparison(OutputFolder& folder, const ComparisonFiles& files, const std::string& inside = {});

}  // namespace tessera::cli
