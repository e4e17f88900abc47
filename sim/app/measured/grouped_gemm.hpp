// Grouped matrix products of a framework (CUTLASS behind torch's grouped_mm).
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <vector>

namespace tessera::measured {

// Family grouped_gemm: BF16, or FP8 with row-wise scales. Groups of equal rows unless `sizes` lists them.
std::vector<Launch> grouped_gemm_launches(const JsonCursor& members);

}  // namespace tessera::measured
