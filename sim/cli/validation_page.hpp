// A validation as one self-contained page.
#pragma once

#include "sim/app/validation_report.hpp"
#include "sim/report/document.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

struct ValidationPage {
    std::vector<ValidationReport> sets;  // as they were asked for
    ValidationReport whole;              // all of them, with goals and known reasons
    double beyond = 0.15;                // absolute error of an outlier
    std::vector<report::Image> plots;
    std::string command;  // that repeats it
};

// Goals and plots first, then set by set families and worst cases, the deviations with their reasons, what is not
// covered, and every case.
report::Document validation_document(const ValidationPage& page);

}  // namespace tessera::cli
