// Which cases of a validation a statement is about: a goal for their accuracy, the reason for a deviation.
#pragma once

#include "sim/app/validation_report.hpp"
#include "sim/base/json_cursor.hpp"

#include <limits>
#include <string>
#include <vector>

namespace tessera {

// Every condition that is given must hold; one that is empty holds for all.
struct CaseFilter {
    struct Range {
        std::string extent;  // of the case's shape: "m", "rows"; a case without it does not match
        std::int64_t min = std::numeric_limits<std::int64_t>::min();
        std::int64_t max = std::numeric_limits<std::int64_t>::max();
    };
    std::vector<std::string> sets, families, variants;  // names; a "*" at the end stands for any rest
    std::vector<std::string> limiters;
    std::vector<Range> where;
    std::string unit;                                        // of the quantity
    double least_us = 0;                                     // measured time of cases in "us"
    enum class Side { any, above, below } side = Side::any;  // of the measurement that the prediction lies on
    bool matches(const ValidationCase& c) const;
};

// "extent": {"min": 1, "max": 64} below "where"; "side": "above" or "below"; names as lists. ConfigError otherwise.
CaseFilter read_case_filter(const JsonCursor& at);

}  // namespace tessera
