// Short answers for the terminal.
#pragma once

#include "sim/report/document.hpp"
#include "sim/result/run_result.hpp"

#include <string>

namespace tessera::report {

// Columns padded with spaces, numbers to the right; no caption.
std::string to_text(const Table& table);

std::string summary_text(const Comparison& c);  // one line per variant, then the findings
std::string summary_text(const RunResult& r, const std::string& workload, const std::string& system);

}  // namespace tessera::report
