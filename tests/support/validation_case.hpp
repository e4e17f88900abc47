// A validation case in one line, and a small validation.
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

// Two kernels, one without prediction, their class, and the whole, of two tolerances one missed.
inline ValidationReport sample_report() {
    ValidationReport r;
    r.set = "h800-train";
    r.source = "a trace";
    r.cases = {validation_case("k1", "gemm", "q", 100, 110), validation_case("k2", "gemm", "o", 100, 90),
               validation_case("c", "operator class", "gemm", 200, 200),
               validation_case("wall", "wall", "chunk", 400, 360)};
    r.cases[1].covered = false;
    r.summary = summarize_cases(r.cases);
    r.tolerances = {{"wall", -0.1, 0.05, "the clock"}, {"class gemm", 0.0, 0.2, ""}};
    return r;
}

}  // namespace tessera::testing
