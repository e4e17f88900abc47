#include "models/numerics/mma.hpp"

#include "models/numerics/convert.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace tessera;
using namespace tessera::numerics;

namespace {

using Codes = std::vector<std::uint16_t>;

Codes of(Format f, const std::vector<double>& values, std::size_t k) {
    Codes codes;
    for (const double v : values) {
        codes.push_back(static_cast<std::uint16_t>(convert(static_cast<float>(v), {f, Rounding::nearest_even, false})));
    }
    codes.resize(k, 0);
    return codes;
}

float hopper(Format f, const std::vector<double>& a, const std::vector<double>& b, float c) {
    const MmaSpec m = mma_spec("hopper", f);
    const auto k = static_cast<std::size_t>(m.k);
    return mma_dot(m, f, of(f, a, k).data(), of(f, b, k).data(), m.k, c);
}

}  // namespace

TEST_CASE("terms below 2^-13 of the largest are cut off one by one") {
    // 1 + 2^-13 fits; two halves of it are each cut off before they could add up.
    CHECK(hopper(Format::e5m2, {1, std::ldexp(1, -13)}, {1, 1}, 0) == 1 + std::ldexp(1.0F, -13));
    CHECK(hopper(Format::e5m2, {1, std::ldexp(1, -14), std::ldexp(1, -14)}, {1, 1, 1}, 0) == 1);
    // Toward zero, whatever the sign: 1 - 2^-14 keeps 1.
    CHECK(hopper(Format::e5m2, {1, -std::ldexp(1, -14)}, {1, 1}, 0) == 1);
    // BF16 keeps 25 bits in alignment, and 23 of the sum.
    CHECK(hopper(Format::bf16, {1, std::ldexp(1, -23)}, {1, 1}, 0) == 1 + std::ldexp(1.0F, -23));
    CHECK(hopper(Format::bf16, {1, std::ldexp(1, -24), std::ldexp(1, -24)}, {1, 1, 1}, 0) == 1 + std::ldexp(1.0F, -23));
    CHECK(hopper(Format::bf16, {1, std::ldexp(1, -26), std::ldexp(1, -26)}, {1, 1, 1}, -1) == 0);
}

TEST_CASE("the accumulator is aligned with the products, and truncated to 13 bits with them") {
    CHECK(hopper(Format::e4m3, {1}, {1}, 16384) == 16384);                  // 2^14 + 1
    CHECK(hopper(Format::e4m3, {1}, {1}, 8192) == 8193);                    // 2^13 + 1
    CHECK(hopper(Format::e4m3, {0}, {0}, 1 + std::ldexp(1.0F, -14)) == 1);  // an FP32 addend loses its tail
}

TEST_CASE("products align by the sum of their exponents, not by their leading bit") {
    // 1.75 * 1.75 = 3.0625 counts as exponent 0, which keeps 2^-13 beside it; as an FP32 addend it has exponent 1.
    CHECK(hopper(Format::e5m2, {1.75, std::ldexp(1, -13), -1.75}, {1.75, 1, 1.75}, 0) == std::ldexp(1.0F, -13));
    CHECK(hopper(Format::e5m2, {1.75, std::ldexp(1, -13)}, {1.75, 1}, -3.0625F) == 0);
}

TEST_CASE("zeros, infinities and NaN") {
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(float_bits(hopper(Format::e5m2, {-0.0}, {1}, -0.0F)) == 0);
    CHECK(float_bits(hopper(Format::e5m2, {1, -1}, {1, 1}, 0)) == 0);
    CHECK(hopper(Format::e5m2, {inf}, {-2}, 7) == -INFINITY);
    CHECK(float_bits(hopper(Format::e5m2, {inf}, {0}, 7)) == 0x7FFFFFFFU);
    CHECK(float_bits(hopper(Format::e5m2, {inf, inf}, {1, -1}, 0)) == 0x7FFFFFFFU);
    CHECK(float_bits(hopper(Format::e5m2, {inf}, {1}, -INFINITY)) == 0x7FFFFFFFU);
    CHECK(float_bits(hopper(Format::e4m3, {nan}, {1}, 0)) == 0x7FFFFFFFU);
    CHECK(float_bits(hopper(Format::e4m3, {1}, {1}, float_of(0xFFC00000U))) == 0x7FFFFFFFU);
}

TEST_CASE("with 64 bits the sum of one instruction is exact, rounded to FP32") {
    Rng random(9);
    const MmaSpec wide = with_accumulator_bits(mma_spec("hopper", Format::e4m3), 64);
    for (int trial = 0; trial < 200; ++trial) {
        Codes a, b;
        double sum = 0;
        for (int i = 0; i < 32; ++i) {
            a.push_back(static_cast<std::uint16_t>(random.below(0x7F) | random.below(2) << 7U));
            b.push_back(static_cast<std::uint16_t>(random.below(0x7F) | random.below(2) << 7U));
            sum += decode(a.back(), Format::e4m3) * decode(b.back(), Format::e4m3);  // exact: 2^-18 to 2^23
        }
        const float got = mma_dot(wide, Format::e4m3, a.data(), b.data(), 32, 0);
        REQUIRE(got == static_cast<float>(sum));
    }
}

TEST_CASE("scales inside multiply the sum of each group exactly") {
    const MmaSpec m = mma_spec("hopper", Format::e4m3);
    const Codes ones = of(Format::e4m3, std::vector<double>(32, 1.0), 32);
    const float scales[] = {0.5F, 2.0F};
    CHECK(mma_dot_scaled(m, Format::e4m3, ones.data(), ones.data(), 32, scales, 16, 1.0F) == 16 * 0.5F + 16 * 2.0F + 1);
    // Scaled by a power of two, one group is the plain instruction without an addend.
    const float one[] = {0.25F};
    CHECK(mma_dot_scaled(m, Format::e4m3, ones.data(), ones.data(), 32, one, 32, 0) ==
          0.25F * mma_dot(m, Format::e4m3, ones.data(), ones.data(), 32, 0));
    const float none[] = {0.0F};
    CHECK(float_bits(mma_dot_scaled(m, Format::e4m3, ones.data(), ones.data(), 32, none, 32, 0)) == 0);
    const float infinite_scale[] = {INFINITY};
    CHECK(mma_dot_scaled(m, Format::e4m3, ones.data(), ones.data(), 32, infinite_scale, 32, 0) == INFINITY);
    CHECK_THROWS_AS(mma_dot_scaled(m, Format::e4m3, ones.data(), ones.data(), 32, scales, 24, 0), InternalError);
}

TEST_CASE("exact sums are rounded once") {
    Rng random(4);
    for (const Format f : {Format::e4m3, Format::e5m2, Format::e2m1, Format::fp16, Format::e5m6}) {
        ExactSum sum(f);
        long double reference = 0;  // 64 bits of significand
        const double top = spec(f).max_finite();
        for (int i = 0; i < 64; ++i) {
            const auto a = static_cast<std::uint16_t>(
                convert(static_cast<float>(random.uniform(-1, 1) * std::min(top, 8.0)), {f}));
            const auto b = static_cast<std::uint16_t>(
                convert(static_cast<float>(random.uniform(-1, 1) * std::min(top, 8.0)), {f}));
            sum.add(a, b);
            reference += static_cast<long double>(decode(a, f)) * static_cast<long double>(decode(b, f));
        }
        CHECK(sum.rounded_double() == static_cast<double>(reference));
    }
    CHECK_THROWS_AS(ExactSum(Format::bf16), ModelError);
    ExactSum nan(Format::e4m3);
    nan.add(0x7F, 0);
    CHECK(std::isnan(nan.rounded()));
    nan.clear();
    CHECK(nan.rounded() == 0);
}

TEST_CASE("the table knows which architecture takes what") {
    CHECK(mma_spec("hopper", Format::e4m3).align_bits == 13);
    CHECK(mma_spec("hopper", Format::bf16).align_bits == 25);
    CHECK(mma_spec("ada", Format::e4m3).k == 16);
    CHECK(mma_spec("exact", Format::e4m3).exact);
    for (const std::string& name : architectures()) { CHECK_FALSE(name.empty()); }
    CHECK_THROWS_AS(mma_spec("ampere", Format::e4m3), ConfigError);
    CHECK_THROWS_AS(mma_spec("hopper", Format::e2m1), ConfigError);
    CHECK_THROWS_AS(mma_spec("fermi", Format::fp16), ConfigError);
    const MmaSpec same = with_accumulator_bits(mma_spec("hopper", Format::e4m3), 13);
    CHECK(same.verified);
    CHECK_FALSE(with_accumulator_bits(same, 14).verified);
    CHECK_THROWS_AS(with_accumulator_bits(same, 0), InternalError);
}
