// What a plotting program outside needs to know to colour its plots as the report does.
#pragma once

#include "sim/result/run_result.hpp"

#include <string>
#include <string_view>

namespace tessera::report {

// {"names": ["GEMM", ...], "of": {"gemm_fp8_fwd": 0, ...}} over every operator class of the comparison, one line.
std::string families_json(const Comparison& c);

// Standard base64 with padding (RFC 4648), for pictures inside a page.
std::string base64(std::string_view bytes);

}  // namespace tessera::report
