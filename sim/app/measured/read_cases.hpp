// Measurement files as cases: kernels.json (`cases`), deepgemm.json and flashmla.json (`rows`), layer.json (`cases`
// with `ops`), micro.json (`sections`).
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json.hpp"
#include "sim/config/system_config.hpp"

#include <string>
#include <vector>

namespace tessera::measured {

// Every case of the document in its order, each with launches or with the problem that stops it: nothing is dropped
// and no case stops another. A document of an unknown form is one case with its problem. `system` decides what L2
// holds between the kernels of a layer.
std::vector<Case> read_cases(const JsonValue& document, const std::string& file, const SystemConfig& system);

}  // namespace tessera::measured
