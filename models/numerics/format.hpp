// Number formats of Tensor Core operands, scales and results: how a bit pattern reads.
//
// Sources: E4M3 (FN) and E5M2: Micikevicius et al., "FP8 Formats for Deep Learning" (arXiv 2209.05433), table 1;
// E2M1 and UE8M0 (a scale 2^(code - 127), 0xFF is NaN): OCP Microscaling Formats (MX) v1.0, sections 5.3 and 5.4;
// BF16 and FP16: 8 and 5 exponent bits with IEEE 754 infinities and NaN. E5M6: DeepSeek-V3 report (arXiv 2412.19437),
// section 3.3.2, which gives its fields only; that the largest exponent means infinity and NaN as in E5M2 is assumed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::numerics {

enum class Format : std::uint8_t { e4m3, e5m2, e5m6, e2m1, bf16, fp16, fp32, ue8m0 };

// What the largest exponent field stands for.
enum class Specials : std::uint8_t {
    ieee,          // infinity and NaN
    one_nan,       // numbers, but all ones is NaN (E4M3 FN)
    all_ones_nan,  // unsigned power of two, all ones is NaN (UE8M0)
    none           // numbers only (E2M1)
};

struct FormatSpec {
    Format format;
    std::string_view name;  // as options and files spell it: "e4m3"
    int exponent_bits, fraction_bits, bias;
    Specials specials;
    bool has_sign = true;

    int bits() const { return (has_sign ? 1 : 0) + exponent_bits + fraction_bits; }
    int min_exponent() const { return 1 - bias; }  // of normal numbers; subnormals share it
    std::uint32_t max_finite_code() const;         // without sign
    std::uint32_t infinity_code() const;           // InternalError if the format has none
    std::uint32_t nan_code() const;                // as conversions produce it; InternalError if there is none
    double max_finite() const;
};

const FormatSpec& spec(Format f);
const std::vector<Format>& formats();

// Throws ConfigError naming `where` and the formats there are.
Format format_named(std::string_view name, const std::string& where);

// A finite value is (-1)^negative * significand * 2^(exponent - fraction_bits): the significand is not normalised for
// subnormals, which keep the smallest exponent, as Tensor Cores read them.
struct Unpacked {
    enum class Kind : std::uint8_t { finite, infinite, nan };
    Kind kind = Kind::finite;
    bool negative = false;
    int exponent = 0;
    std::uint32_t significand = 0;
};
Unpacked unpack(std::uint32_t code, const FormatSpec& s);

// The value of a code; every value of every format is exact in double, and in float too.
double decode(std::uint32_t code, const FormatSpec& s);
inline double decode(std::uint32_t code, Format f) { return decode(code, spec(f)); }

// Values of all codes of a format of at most 16 bits, indexed by code.
const std::vector<float>& decode_table(Format f);

}  // namespace tessera::numerics
