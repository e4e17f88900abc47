// Conversion of FP32 values into narrow formats.
#pragma once

#include "models/numerics/format.hpp"
#include "sim/base/rng.hpp"

#include <cstdint>

namespace tessera::numerics {

enum class Rounding : std::uint8_t {
    nearest_even,  // cvt.rn
    toward_zero,   // cvt.rz
    upward,        // to the next larger value: scales that must not let a group overflow (cvt.rp of UE8M0)
    stochastic     // up with probability (x - below) / (above - below); no instruction of Hopper does this
};

struct Conversion {
    Format to = Format::e4m3;
    Rounding rounding = Rounding::nearest_even;
    // Magnitudes beyond the largest finite value become that value (satfinite); else infinity, or NaN where the format
    // has no infinity.
    bool saturate = true;
};

// The code of `x`. With nearest_even and saturate it is bit for bit what cvt.rn.satfinite gives: NaN becomes the
// format's all-ones NaN without sign (E2M1, which has none: its largest value), the sign of zero is kept. UE8M0 takes
// magnitudes; zero becomes its smallest scale. `random` is used by Rounding::stochastic alone: 64 uniform bits.
std::uint32_t convert(float x, const Conversion& c, std::uint64_t random = 0);

}  // namespace tessera::numerics
