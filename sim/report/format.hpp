// What the report needs beyond sim/base/text.hpp: numbers that may be absent, signed differences, factors.
#pragma once

#include "sim/base/units.hpp"

#include <string>
#include <string_view>

namespace tessera::report {

// `decimals` digits after the point; "n/a" for a value that is not finite.
std::string fixed(double value, int decimals);
// As fixed(), always with a sign; zero has none.
std::string signed_fixed(double value, int decimals);
std::string scientific(double value);       // three digits: "1.27e-04"; "n/a" as fixed()
std::string factor(double ratio);           // 1.1049 -> "1.105×"
std::string signed_human(Time t);           // "+1.23 ms", "-45.0 us", "no change"
std::string signed_human(Bytes b);          // "+1.23 GB"
std::string words(std::string identifier);  // "gemm_fp8_fwd" -> "gemm fp8 fwd"
// What limited a kernel, or "gap", as it is written: "tensor_core" -> "Tensor Core", "hbm" -> "HBM".
std::string limiter_name(std::string_view limiter);

}  // namespace tessera::report
