// Whole layers: real kernels in order on one stream.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"
#include "sim/config/system_config.hpp"

namespace tessera::measured {

// A case of layer.json: its ops become launches, with profiled kernels where the case has them. What an op leaves in
// L2 for a later one follows from the lowering's residency rule: an op's input is the last output before it of the
// same type, extents and expert; inputs without such a writer are weights or older tensors. Fills everything but id
// and pointer. ModelError naming the op if one of them cannot be represented.
void read_layer(const JsonCursor& layer, const SystemConfig& system, Case& out);

}  // namespace tessera::measured
