// The report's sections, one function each. A section without content has no blocks and is left out.
#pragma once

#include "sim/report/report.hpp"

namespace tessera::report {

std::vector<Line> findings(const Comparison& c);  // what to take away, a sentence or two each
Section headline_section(const Comparison& c, const std::optional<ValidationSummary>& validation = {});
Section variants_section(const Comparison& c);
Section waterfall_section(const Comparison& c);
Section traffic_section(const Comparison& c);
Section utilization_section(const Comparison& c);
Section energy_section(const Comparison& c);  // joules by component, silicon, what each buys
Section communication_section(const Comparison& c);
Section critical_path_section(const Comparison& c);
Section timeline_section(const Comparison& c);
Section removed_added_section(const Comparison& c);
Section interaction_section(const Comparison& c);
Section proposals_section(const std::vector<ProposalCard>& proposals);
Section plots_section(const std::vector<Image>& plots);
Section assumptions_section(const Comparison& c);
Section validation_section(const std::optional<ValidationSummary>& validation);
Section limits_section(const std::vector<std::string>& not_modelled);
Section reproduce_section(const ReportInput& input);

// Cells that several sections use.
Cell time_cell(Time t);    // "129.00" in ms
Cell saving_cell(Time t);  // signed ms, toned: positive is good
Cell gigabytes_cell(Bytes b);
Cell share_cell(double share);                   // percent with a meter
std::string baseline_name(const Comparison& c);  // "baseline (H800)"

}  // namespace tessera::report
