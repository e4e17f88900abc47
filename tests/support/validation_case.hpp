// A validation case in one line.
#pragma once

#include "sim/app/validation_report.hpp"

#include <string>

namespace tessera::testing {

inline ValidationCase validation_case(const std::string& id, const std::string& family, const std::string& variant,
                                      double measured, double predicted) {
    ValidationCase c;
    c.id = id;
    c.family = family;
    c.variant = variant;
    c.measured = measured;
    c.predicted = predicted;
    return c;
}

}  // namespace tessera::testing
