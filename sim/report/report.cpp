#include "sim/report/report.hpp"

#include "sim/report/sections.hpp"
#include "sim/report/throughput.hpp"

namespace tessera::report {

Document comparison_report(const ReportInput& input) {
    const Comparison& c = input.comparison;
    Document d;
    const bool alone = c.variants.empty();
    d.title =
        (alone ? "Where does the time go? " : "What would the hardware be worth? ") + c.workload + " on " + c.system;
    d.subtitle = (alone ? "One run: " : std::to_string(c.variants.size()) + " variants against ") + baseline_name(c) +
                 ". Times are simulated; the model's own error is stated below.";
    d.footer = "Written by tessera" + (c.code_version.empty() ? "" : " " + c.code_version) + ".";
    d.sections = {headline_section(c, input.validation),
                  variants_section(c),
                  waterfall_section(c),
                  critical_path_section(c),
                  timeline_section(c),
                  interaction_section(c),
                  removed_added_section(c),
                  traffic_section(c),
                  utilization_section(c),
                  energy_section(c),
                  input.uncertainty ? uncertainty_section(*input.uncertainty) : Section{},
                  communication_section(c),
                  throughput_section(c),
                  proposals_section(input.proposals),
                  validation_section(input.validation),
                  assumptions_section(c),
                  limits_section(input.not_modelled),
                  plots_section(input.plots),
                  reproduce_section(input)};
    return d;
}

}  // namespace tessera::report
