// The ledger of deviations: for predictions that are far off, the reason as far as it is known, stated by mechanism
// (which kernels, which shapes, what limits them), so that it also speaks for cases that nobody has seen yet.
#pragma once

#include "sim/app/case_filter.hpp"

#include <string>
#include <vector>

namespace tessera {

struct Deviation {
    CaseFilter cases;
    std::string reason;
};

struct DeviationLedger {
    double beyond = 0.15;  // absolute error above which a case counts as an outlier
    std::vector<Deviation> entries;

    bool outlier(const ValidationCase& c) const;
    // The first entry that matches; nullptr if there is none.
    const Deviation* reason_for(const ValidationCase& c) const;
    // Fills known_reason of the outliers.
    void explain(ValidationReport& report) const;
};

// A file of the form {"beyond": 0.15, "deviations": [{"families", ..., "reason"}]}, see case_filter.hpp. ConfigError
// if it cannot be read or a reason is empty.
DeviationLedger read_deviation_ledger(const std::string& file);

// The project's own, tests/validation/deviations.json; without entries if it is not installed.
DeviationLedger deviation_ledger();

}  // namespace tessera
