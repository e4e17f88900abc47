// One kernel case of kernels.json, or one op of a layer, as launches.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <vector>

namespace tessera::measured {

// By family and shape; the geometry from the profiled `kernels`, else the one its program uses. Operands are cold
// unless the case says that inputs stay in L2. ConfigError for missing or impossible members, ModelError for families
// and libraries outside the model.
std::vector<Launch> kernel_launches(const JsonCursor& members);

}  // namespace tessera::measured
