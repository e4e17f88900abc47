// Validation set "h200-numerics": the arithmetic against what an H200 computed, bit for bit.
#pragma once

#include "sim/app/validation_report.hpp"

#include <string>

namespace tessera {

// One case per file of the manifest (models/numerics/vectors.hpp): its outputs, and how many are reproduced bit for
// bit. Stated tolerance: none may differ.
ValidationReport validate_vectors(const std::string& manifest);

// The vectors, the recorded error curve of whole GEMMs (numerics.json beside them, where it is there) drawn again with
// the recorded inputs, and the DeepSeek-V3 report's "nearly 2 % at worst" for K = 4096 without promotion, for several
// kinds of data. Without a manifest: the whole recording beside the source tree, else the part that ships with it.
// ConfigError if neither is there.
ValidationReport validate_h200_numerics(const std::string& manifest = {});

}  // namespace tessera
