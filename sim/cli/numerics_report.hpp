// Answers of `tessera numerics` as text, JSON (tessera.numerics/1) and CSV.
#pragma once

#include "sim/app/numerics_sweep.hpp"
#include "sim/base/json.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

JsonValue to_json(const NumericsOutcome& outcome);
JsonValue to_json(const std::vector<NumericsPoint>& points);
std::string to_csv(const std::vector<NumericsPoint>& points);  // one line per point, a header first
std::string to_text(const NumericsOutcome& outcome);
std::string to_text(const std::vector<NumericsPoint>& points);

}  // namespace tessera::cli
