// Memory-bound kernels: casts, transposes, norms, SwiGLU, row permutation, router and plain streams, written in Triton
// or by the framework.
#pragma once

#include "sim/app/measured/library_kernel.hpp"
#include "sim/app/measured/measured_case.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::measured {

// `launch` is the profiled kernel; nothing if the family is none of these. ConfigError for shapes that the launch
// cannot have had.
std::optional<StreamDesc> stream_of_family(const std::string& family, const std::string& dtype, const JsonCursor& shape,
                                           const Profiled& launch);

// The launch that Triton's programs use for a family when no profile is at hand (whole layers).
Profiled usual_launch(const std::string& family, const JsonCursor& op);

}  // namespace tessera::measured
