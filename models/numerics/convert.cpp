#include "models/numerics/convert.hpp"

#include <algorithm>
#include <cstring>

namespace tessera::numerics {
namespace {

std::uint32_t bits_of(float x) {
    std::uint32_t b = 0;
    std::memcpy(&b, &x, sizeof b);
    return b;
}

// significand / 2^shift as an integer.
std::uint64_t shifted(std::uint64_t significand, int shift, bool negative, const Conversion& c, std::uint64_t random) {
    if (shift <= 0) { return significand << unsigned(-shift); }
    const bool all_gone = shift > 62;  // the significand has 24 bits: no more than a sticky bit is left
    const std::uint64_t whole = all_gone ? 0 : significand >> unsigned(shift);
    const std::uint64_t unit = all_gone ? ~std::uint64_t{0} : std::uint64_t{1} << unsigned(shift);
    const std::uint64_t rest = all_gone ? significand : significand & (unit - 1);
    switch (c.rounding) {
        case Rounding::nearest_even:
            if (rest > unit / 2 && !all_gone) { return whole + 1; }
            return whole + (rest == unit / 2 && !all_gone ? (whole & 1U) : 0);
        case Rounding::toward_zero: return whole;
        case Rounding::upward: return whole + (rest != 0 && !negative ? 1 : 0);
        case Rounding::stochastic: return whole + (!all_gone && (random & (unit - 1)) < rest ? 1 : 0);
    }
    return whole;
}

std::uint32_t beyond(const FormatSpec& s, const Conversion& c) {
    if (c.saturate || s.specials == Specials::none) { return s.max_finite_code(); }
    return s.specials == Specials::ieee ? s.infinity_code() : s.nan_code();
}

}  // namespace

std::uint32_t convert(float x, const Conversion& c, std::uint64_t random) {
    const FormatSpec& s = spec(c.to);
    const Unpacked u = unpack(bits_of(x), spec(Format::fp32));
    if (u.kind == Unpacked::Kind::nan) { return s.specials == Specials::none ? s.max_finite_code() : s.nan_code(); }
    const bool negative = u.negative && s.has_sign;
    const std::uint32_t sign = negative ? 1U << unsigned(s.exponent_bits + s.fraction_bits) : 0;
    if (u.kind == Unpacked::Kind::infinite) { return sign | beyond(s, c); }

    constexpr int from_fraction = 23;
    std::uint64_t significand = u.significand;
    int exponent = u.exponent;  // of bit 23
    while (significand != 0 && (significand >> unsigned(from_fraction)) == 0) {
        significand <<= 1U;
        --exponent;
    }
    if (significand == 0) { return sign; }
    if (!s.has_sign) {  // a power of two: the exponent field is the whole number
        const std::uint64_t field = shifted(significand, from_fraction, false, c, random);  // 1 or 2
        const int code = exponent + s.bias + (field > 1 ? 1 : 0);
        return code > static_cast<int>(s.max_finite_code()) ? beyond(s, c)
                                                            : static_cast<std::uint32_t>(std::max(code, 0));
    }
    const int target = std::max(exponent, s.min_exponent());
    const int shift = (target - s.fraction_bits) - (exponent - from_fraction);
    // A normal number's leading bit adds one to the exponent field, and so does a carry out of rounding.
    const std::uint64_t code = shifted(significand, shift, negative, c, random) +
                               (static_cast<std::uint64_t>(target - s.min_exponent()) << unsigned(s.fraction_bits));
    if (code > s.max_finite_code()) { return sign | beyond(s, c); }
    return sign | static_cast<std::uint32_t>(code);
}

}  // namespace tessera::numerics
