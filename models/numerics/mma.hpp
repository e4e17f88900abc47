// Tensor Core matrix multiply-accumulate, bit for bit: a table of architectures and one arithmetic routine.
//
// One instruction adds the products of `k` pairs to an FP32 accumulator. Silicon does this in fixed point: products
// (exact, exponent ea + eb, not normalised) and the accumulator are aligned to the largest exponent among them,
// truncated toward zero at `align_bits` below it, added without error, and the sum is truncated to `result_bits`
// fraction bits. So the order of the products inside one instruction does not matter, and everything smaller than
// 2^-align_bits of the largest term is lost.
#pragma once

#include "models/numerics/format.hpp"
#include "models/numerics/wide_int.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::numerics {

struct MmaSpec {
    std::string architecture;   // row of the table
    int m = 64, n = 8, k = 32;  // shape of one instruction (m and n: granule; wgmma goes to n = 256 in steps of 8)
    int align_bits = 13;
    int result_bits = 13;
    bool nearest = false;  // the sum is rounded to nearest even at 23 bits instead of cut (proposals only)
    // Sums without any error, rounded once (to nearest even) when they leave the accumulator: a reference and the limit
    // of every proposal. align_bits and result_bits then mean nothing.
    bool exact = false;
    std::string source;     // who measured it
    bool verified = false;  // against silicon vectors that this project holds
};

// Rows of the table: hopper, blackwell, ada, ampere, turing, volta, and exact.
std::vector<std::string> architectures();
// Throws ConfigError for an architecture that is unknown or takes no such operands, naming `where`.
MmaSpec mma_spec(std::string_view architecture, Format operands, const std::string& where = "architecture");
// The same instruction with `bits` (1..64) fraction bits kept in alignment and at most 23 in the FP32 result: what the
// proposals ask for. With more than 23 the bits beyond the register round it to nearest, as guard bits do; cutting
// them off would lose what they were for. At the architecture's own width nothing changes.
MmaSpec with_accumulator_bits(MmaSpec base, int bits);

// FP32 accumulator after one instruction: c + sum over i of a[i] * b[i], `count` <= spec.k codes of format `f`.
// NaN operands, infinity times zero and infinities of both signs give the canonical NaN 0x7FFFFFFF; an exact zero sum
// is +0; results below 2^-126 are subnormal, truncated at 2^-149; beyond the FP32 range they are infinite.
// Requires !spec.exact.
float mma_dot(const MmaSpec& spec, Format f, const std::uint16_t* a, const std::uint16_t* b, int count, float c);

// The group-scaled instruction of the proposals: k is divided into groups of `group` elements with the scale
// scales[i] = scale_a * scale_b, rounded to FP32, of group i. Each group's products are aligned and truncated among
// themselves, the group's sum times its scale is exact, and the scaled sums and the accumulator are aligned (by the
// leading bit of each), truncated and added as above. No silicon has been measured: this order is the reference design.
float mma_dot_scaled(const MmaSpec& spec, Format f, const std::uint16_t* a, const std::uint16_t* b, int count,
                     const float* scales, int group, float c);

// Exact sum of products and addends, rounded once. Integers of 128 bits in units of 2^-unit hold any sum of
// 2^20 products of an 8-bit, 12-bit or FP16 format; ModelError for BF16, whose range they do not hold.
class ExactSum {
public:
    explicit ExactSum(Format f);
    void add(std::uint16_t a, std::uint16_t b);
    void clear();
    float rounded() const;  // to nearest even, NaN and infinities as mma_dot()
    double rounded_double() const;

private:
    const FormatSpec* format_;
    int unit_;
    WideInt sum_ = 0;
    bool nan_ = false, up_ = false, down_ = false;
};

}  // namespace tessera::numerics
