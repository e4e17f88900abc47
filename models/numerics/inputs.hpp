// Inputs of numerical experiments, drawn reproducibly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::numerics {

enum class Distribution : std::uint8_t {
    normal,      // mean 0, standard deviation 1: sums cancel
    same_sign,   // magnitudes of those: sums grow, and with them what alignment cuts off
    heavy_tail,  // Student's t with 3 degrees of freedom: single elements dominate a group
    outlier      // normal, but one column in 128 is 100 times as large, as channels of activations are
};

Distribution distribution_named(std::string_view name, const std::string& where);  // ConfigError
std::string_view to_string(Distribution d);
const std::vector<Distribution>& distributions();

// rows x columns values; the same bits for the same seed on every platform.
std::vector<float> draw(Distribution d, int rows, int columns, std::uint64_t seed);

}  // namespace tessera::numerics
