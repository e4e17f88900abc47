// The comparison report: what an architect reads to decide. Built from a Comparison and, where the caller has
// them, the proposals' own words and the model's validation; rendered by to_html and to_markdown.
#pragma once

#include "sim/report/document.hpp"
#include "sim/report/uncertainty.hpp"
#include "sim/result/run_result.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tessera::report {

struct ParameterCard {
    std::string name, value, range;  // with units
    std::string doc, provenance;
};

struct ProposalCard {
    std::string slug, title, source;
    std::string removes, adds, limits, worthless;  // the four answers
    std::vector<ParameterCard> parameters;
};

struct ValidationRow {
    std::string label;  // operator class, or the whole
    int cases = 0;
    Time measured{}, predicted{};
    double share = 0;  // of the measured wall time
    double error() const { return predicted / measured - 1; }
};

struct ValidationSummary {
    std::string set, source;
    ValidationRow whole;
    std::vector<ValidationRow> rows;
    std::vector<std::pair<std::string, std::string>> deviations;  // what misses its tolerance, and why
};

// One effective value of the configuration that has a source to show.
struct Assumption {
    std::string path, value, origin, source;
};

struct ReportInput {
    const Comparison& comparison;
    std::vector<ProposalCard> proposals;
    std::optional<ValidationSummary> validation;
    std::vector<std::string> not_modelled;  // sentences
    std::vector<Image> plots;
    std::string command;                                     // that gives this report again
    std::vector<std::pair<std::string, std::string>> files;  // written beside the report: name, what it is
    std::optional<Uncertainty> uncertainty = {};
};

Document comparison_report(const ReportInput& input);

// One line per variant, the baseline first; plain SI numbers, so that scripts need no unit conversion.
std::string variants_csv(const Comparison& c);

// One row of the report per operator class and variant: where each variant's time goes.
std::string classes_csv(const Comparison& c);

// The values of Comparison::provenance_json that carry a source or do not come from a default.
// InternalError if the text is not the form that the comparison writes.
std::vector<Assumption> assumptions_of(const std::string& provenance_json);

}  // namespace tessera::report
