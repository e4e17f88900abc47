// Operators of a framework (PyTorch 2.11) that run as several kernels: group-limited top-k in eager mode, sorting,
// counting. The launches follow from the operator's size by the framework's own rules for grids.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <string>
#include <vector>

namespace tessera::measured {

// Launches of `family` over `shape`, in order; empty if the family is no such operator.
std::vector<Launch> framework_launches(const std::string& family, const JsonCursor& shape);

}  // namespace tessera::measured
