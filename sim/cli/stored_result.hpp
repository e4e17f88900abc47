// Results of earlier runs, read back for a report.
#pragma once

#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::cli {

struct StoredResult {
    std::string label;  // names it in reports, and the folder of its own report
    std::string file;
    Comparison comparison;                  // a single run is a comparison without variants
    std::optional<RunConfig> config;        // what it was simulated with, if this version can still read it
    std::vector<ProposalChoice> proposals;  // weighed in it, with the parameters that it used
};

// Reads documents of `tessera compare` and `tessera run`. `labels` may be fewer than `files`: the others are called
// after their folder if the file is called result.json, else after the file. ConfigError lists every problem: a file
// that cannot be read, another schema or version of it, ids that are no file names, times that are not positive,
// labels that are not different or no folder names.
std::vector<StoredResult> read_results(const std::vector<std::string>& files, const std::vector<std::string>& labels);

}  // namespace tessera::cli
