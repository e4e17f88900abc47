// The matplotlib plots of a page, drawn by a script in scripts/plots.
#pragma once

#include "sim/report/document.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

struct Plot {
    std::string name;     // the script writes <name>.png
    std::string caption;  // also the description for readers who do not see it
};

struct PlotRequest {
    std::string python = "/usr/bin/python3";
    std::string script;                  // its path; empty: not installed
    std::string input;                   // path of the JSON that it draws from
    std::string folder;                  // where the plots go
    std::vector<std::string> arguments;  // after input and folder
    std::vector<Plot> plots;             // in the order in which the page shows them
    double limit_s = 120;                // a first start of matplotlib builds its font cache
};

// The plots of a comparison: input is its result.json; `families` as report::families_json() gives them.
PlotRequest comparison_plots(const std::string& result_json, const std::string& folder, const std::string& families);

// The plots of a validation: input is its tessera.validate/1.
PlotRequest validation_plots(const std::string& validation_json, const std::string& folder);

// The plots of a sweep: input is its results.json.
PlotRequest sweep_plots(const std::string& results_json, const std::string& folder);

// Runs the script. False after a warning in the log if python3, matplotlib or the script is missing, or it fails.
bool run_plot_script(const PlotRequest& request);

// The plots for embedding. Logs a warning and returns none if python3, matplotlib or the script is missing, or the
// script fails.
std::vector<report::Image> draw_plots(const PlotRequest& request);

}  // namespace tessera::cli
