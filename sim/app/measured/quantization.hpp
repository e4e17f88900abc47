// Section I of micro.json: software quantization kernels in CUDA C++.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <string>

namespace tessera::measured {

// The kernel of that name over rows x cols. ModelError for another name.
StreamDesc quantization_kernel(const std::string& name, std::int64_t rows, std::int64_t cols);

// An item of id I.kernel: one call after an L2 flush, or ten back to back on the same buffers.
void quantization_case(const JsonCursor& item, Case& out);

// An item of id I.check: outputs of a small case that differ from a reference; the model's casts have their own.
void quantization_check(const JsonCursor& item, Case& out);

}  // namespace tessera::measured
