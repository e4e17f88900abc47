// Cases of kernels.json's form that a reader makes up for kernels which other measurements only name.
#pragma once

#include "sim/base/json.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace tessera::measured {

JsonValue made_shape(const std::vector<std::pair<const char*, std::int64_t>>& extents);

// The `kernels` of a case: one launch of `blocks` blocks of `threads` threads without dynamic shared memory.
JsonValue made_launch(const char* name, std::int64_t blocks, std::int64_t threads);

// A copy of `bytes` (one way) within a GPU by the driver, taken for the vector copy whose blocks of 256 threads move
// 16 KiB each.
JsonValue driver_copy(std::int64_t bytes);

}  // namespace tessera::measured
