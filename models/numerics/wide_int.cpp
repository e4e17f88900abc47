#include "models/numerics/wide_int.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tessera::numerics {
namespace {

__extension__ using WideUnsigned = unsigned __int128;

WideUnsigned magnitude(WideInt v) { return v < 0 ? -static_cast<WideUnsigned>(v) : static_cast<WideUnsigned>(v); }

int leading_bit(WideUnsigned v) {
    const auto high = static_cast<std::uint64_t>(v >> 64U);
    const auto low = static_cast<std::uint64_t>(v);
    if (high != 0) { return 127 - __builtin_clzll(high); }
    return low == 0 ? -1 : 63 - __builtin_clzll(low);
}

WideUnsigned shifted(WideUnsigned v, int shift) {
    if (shift >= 0) {
        invariant(leading_bit(v) + shift < 127, "a fixed-point number exceeds 128 bits");
        return v << unsigned(shift);
    }
    return shift < -127 ? 0 : v >> unsigned(-shift);
}

// v / 2^drop to the nearest even integer.
WideUnsigned nearest(WideUnsigned v, int drop) {
    if (drop <= 0) { return shifted(v, -drop); }
    if (drop > 127) { return 0; }
    const WideUnsigned whole = v >> unsigned(drop), half = WideUnsigned{1} << unsigned(drop - 1);
    const WideUnsigned rest = v & (half + half - 1);
    return whole + (rest > half || (rest == half && (whole & 1U) != 0) ? 1 : 0);
}

constexpr int kFloatFraction = 23, kFloatMinExponent = -126, kFloatMaxExponent = 127;

float assembled(WideUnsigned significand, int lsb, bool negative) {
    const int top = leading_bit(significand);
    if (top + lsb > kFloatMaxExponent) { return infinite(negative); }
    const double m = std::ldexp(static_cast<double>(static_cast<std::uint64_t>(significand)), lsb);
    return static_cast<float>(negative ? -m : m);
}

}  // namespace

std::uint32_t float_bits(float x) {
    std::uint32_t b = 0;
    std::memcpy(&b, &x, sizeof b);
    return b;
}
float float_of(std::uint32_t bits) {
    float x = 0;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}
float canonical_nan() { return float_of(0x7FFFFFFFU); }
float infinite(bool negative) { return float_of(negative ? 0xFF800000U : 0x7F800000U); }

int leading_bit(WideInt v) { return leading_bit(magnitude(v)); }

WideInt scaled_toward_zero(WideInt v, int shift) {
    const auto m = static_cast<WideInt>(shifted(magnitude(v), shift));
    return v < 0 ? -m : m;
}

float truncated_float(WideInt v, int lsb, int fraction_bits) {
    if (v == 0) { return 0.0F; }
    const WideUnsigned m = magnitude(v);
    const int exponent = leading_bit(m) + lsb;
    // The unit of the result: of a normal number by its leading bit, never below that of subnormals.
    const int unit = std::max(exponent - std::min(fraction_bits, kFloatFraction), kFloatMinExponent - kFloatFraction);
    const int drop = unit - lsb;
    if (drop <= 0) { return assembled(m, lsb, v < 0); }
    const WideUnsigned kept = shifted(m, -drop);
    return kept == 0 ? 0.0F : assembled(kept, unit, v < 0);
}

float nearest_float(WideInt v, int lsb) {
    if (v == 0) { return 0.0F; }
    const WideUnsigned m = magnitude(v);
    const int unit = std::max(leading_bit(m) + lsb - kFloatFraction, kFloatMinExponent - kFloatFraction);
    const WideUnsigned kept = nearest(m, unit - lsb);
    return kept == 0 ? 0.0F : assembled(kept, unit, v < 0);
}

double nearest_double(WideInt v, int lsb) {
    if (v == 0) { return 0.0; }
    const WideUnsigned m = magnitude(v);
    const int drop = std::max(leading_bit(m) - 52, 0);
    const double d = std::ldexp(static_cast<double>(static_cast<std::uint64_t>(nearest(m, drop))), lsb + drop);
    return v < 0 ? -d : d;
}

}  // namespace tessera::numerics
