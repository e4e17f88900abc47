// Attention of the libraries: cuDNN's forward and backward for training shapes, FlashMLA's dense decode.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <string>
#include <vector>

namespace tessera::measured {

// Families attn_fwd and attn_bwd: the backward pass with its two companions (row sums of dO O, conversion of dQ).
// ModelError for a library whose kernels use the instructions of earlier GPUs.
std::vector<Launch> attention_launches(const std::string& family, const std::string& library, const JsonCursor& shape);

// A row of flashmla.json.
std::vector<Launch> flashmla_launches(const JsonCursor& row);

}  // namespace tessera::measured
