// Machine code of the measured Triton programs, per warp: what the compiler made of each of them for the block sizes
// that were run.
#pragma once

#include "sim/ir/warp_code.hpp"

#include <string>

namespace tessera::measured {

// Code of `family` when a block of `threads` threads takes `values` elements a thread; `occupied` of them exist (a norm
// pads its row to a power of two). ModelError for a family without code.
stream_kernels::WarpCode triton_code(const std::string& family, int threads, double values, double occupied);

}  // namespace tessera::measured
