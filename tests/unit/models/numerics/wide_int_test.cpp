#include "models/numerics/wide_int.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace tessera;
using namespace tessera::numerics;

TEST_CASE("fixed-point numbers become the nearest or the truncated float") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 20000; ++i) {
        const auto v = static_cast<std::int64_t>(random()) >> (random() % 40);
        const int lsb = static_cast<int>(random() % 120) - 100;
        // Values of at most 53 bits are exact in double, whose conversion to float rounds to nearest even.
        const std::int64_t narrow = v / 2048;
        REQUIRE(nearest_float(narrow, lsb) == static_cast<float>(std::ldexp(static_cast<double>(narrow), lsb)));
        const double exact = std::ldexp(static_cast<double>(narrow), lsb);
        const float cut = truncated_float(narrow, lsb, 23);
        REQUIRE(std::fabs(cut) <= std::fabs(exact));
        const float next = std::nextafter(cut, exact < 0 ? -INFINITY : INFINITY);
        REQUIRE(std::fabs(static_cast<double>(next)) > std::fabs(exact));
    }
    CHECK(nearest_double((WideInt{1} << 60U) + 1, 0) == std::ldexp(1, 60));
    CHECK(nearest_double(-5, -1) == -2.5);
}

TEST_CASE("fewer fraction bits keep the leading ones") {
    CHECK(truncated_float(0b1011111, 0, 3) == 0b1011000);
    CHECK(truncated_float(-0b1011111, 0, 0) == -64);
    CHECK(truncated_float(0, 5, 13) == 0.0F);
    CHECK_FALSE(std::signbit(truncated_float(0, 5, 13)));
}

TEST_CASE("the ends of the FP32 range") {
    CHECK(truncated_float(3, -149, 13) == std::ldexp(3.0F, -149));
    CHECK(truncated_float(7, -151, 23) == std::ldexp(1.0F, -149));
    CHECK(truncated_float(3, -151, 23) == 0.0F);
    CHECK_FALSE(std::signbit(truncated_float(-3, -151, 23)));
    CHECK(truncated_float(1, 127, 13) == std::ldexp(1.0F, 127));
    CHECK(truncated_float(-1, 128, 13) == -INFINITY);
    CHECK(float_bits(canonical_nan()) == 0x7FFFFFFFU);
}

TEST_CASE("shifts cut toward zero, and none loses bits at the top") {
    CHECK(scaled_toward_zero(-7, -1) == -3);
    CHECK(scaled_toward_zero(7, -200) == 0);
    CHECK(scaled_toward_zero(-7, 3) == -56);
    CHECK_THROWS_AS(scaled_toward_zero(1, 127), InternalError);
    CHECK(leading_bit(0) == -1);
    CHECK(leading_bit(-(WideInt{1} << 100U)) == 100);
}
