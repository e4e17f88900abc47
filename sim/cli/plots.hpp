// The matplotlib plots of a comparison, drawn by scripts/plots/report_plots.py.
#pragma once

#include "sim/report/document.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

struct PlotRequest {
    std::string python = "/usr/bin/python3";
    std::string script;       // path of report_plots.py; empty: not found
    std::string result_json;  // path of the comparison
    std::string folder;       // where the plots go
    std::string families;     // report::families_json()
    double limit_s = 120;     // a first start of matplotlib builds its font cache
};

// The plots for embedding, in the order in which the report shows them. Logs a warning and returns none if python3,
// matplotlib or the script is missing, or the script fails.
std::vector<report::Image> draw_plots(const PlotRequest& request);

}  // namespace tessera::cli
