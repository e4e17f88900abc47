// A validation in the terminal.
#pragma once

#include "sim/app/validation_report.hpp"

#include <string>

namespace tessera::cli {

// One set: tolerances with their verdicts, errors per family, the worst cases, what is not covered and why.
std::string validation_text(const ValidationReport& set);

// All sets together: the figures to reach with their verdicts, and the outliers with their reasons as far as known.
// `beyond`: absolute error of an outlier. Empty if there is nothing to say.
std::string goals_text(const ValidationReport& whole, double beyond);

}  // namespace tessera::cli
