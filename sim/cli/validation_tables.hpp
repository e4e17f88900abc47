// The tables of a validation, for the terminal and for the page.
#pragma once

#include "sim/app/validation_report.hpp"
#include "sim/report/document.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera::cli {

// Stated limits of single cases with their verdicts.
report::Table tolerance_table(const ValidationReport& v);

// Groups of cases with the figures that they are meant to reach. "set aside": cases that set a constant, or that hold
// no quantity; they count in no figure.
report::Table goal_table(const std::vector<GoalCheck>& goals);

// Errors per family, variants below theirs in a set that states no tolerances.
report::Table family_table(const ValidationReport& v);

// The covered cases with the largest errors, at most `most`.
report::Table worst_table(const ValidationReport& v, std::size_t most);

// Cases of which the ledger of deviations says why they are off, or that it should: reason and cases, in the order of
// their first case; "" collects those without a known reason. `beyond`: absolute error of an outlier.
using CasesByReason = std::vector<std::pair<std::string, std::vector<const ValidationCase*>>>;
CasesByReason outliers_by_reason(const ValidationReport& v, double beyond);

// Cases that are not covered by reason.
CasesByReason uncovered_by_reason(const ValidationReport& v);

// Cases that hold nothing to predict, by reason.
CasesByReason without_quantity(const ValidationReport& v);

// "12 x words (first case, ...)"
std::string reason_line(const std::string& reason, const std::vector<const ValidationCase*>& cases);

}  // namespace tessera::cli
