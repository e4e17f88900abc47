#include "models/numerics/format.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::numerics;

TEST_CASE("largest and smallest values are those of the format definitions") {
    // Micikevicius et al., table 1; OCP MX v1.0; IEEE 754.
    CHECK(spec(Format::e4m3).max_finite() == 448);
    CHECK(spec(Format::e5m2).max_finite() == 57344);
    CHECK(spec(Format::e2m1).max_finite() == 6);
    CHECK(spec(Format::fp16).max_finite() == 65504);
    CHECK(spec(Format::bf16).max_finite() == std::ldexp(255, 120));
    CHECK(spec(Format::e5m6).max_finite() == std::ldexp(127, 9));
    CHECK(spec(Format::ue8m0).max_finite() == std::ldexp(1, 127));
    CHECK(decode(1, Format::e4m3) == std::ldexp(1, -9));
    CHECK(decode(1, Format::e5m2) == std::ldexp(1, -16));
    CHECK(decode(0, Format::ue8m0) == std::ldexp(1, -127));
}

TEST_CASE("codes read as sign, exponent and fraction") {
    CHECK(decode(0x38, Format::e4m3) == 1.0);
    CHECK(decode(0xB9, Format::e4m3) == -1.125);
    CHECK(decode(0x3C00, Format::fp16) == 1.0);
    CHECK(decode(0xC040, Format::bf16) == -3.0);
    CHECK(std::signbit(decode(0x80, Format::e4m3)));
    CHECK(decode(0x7F80, Format::bf16) == HUGE_VAL);
    CHECK(decode(0xFC, Format::e5m2) == -HUGE_VAL);
    CHECK(std::isnan(decode(0x7F, Format::e4m3)));
    CHECK(decode(0x7E, Format::e4m3) == 448);
    CHECK(std::isnan(decode(0xFF, Format::ue8m0)));
    CHECK(decode(0xF, Format::e2m1) == -6);
}

TEST_CASE("subnormals keep the smallest exponent and an unnormalised significand") {
    const Unpacked u = unpack(0x03, spec(Format::e4m3));
    CHECK(u.exponent == -6);
    CHECK(u.significand == 3);
}

TEST_CASE("tables hold every code of formats up to 16 bits, and no others exist") {
    CHECK(decode_table(Format::e4m3).size() == 256);
    CHECK(decode_table(Format::e5m6).size() == 4096);
    CHECK(decode_table(Format::bf16).size() == 65536);
    CHECK_THROWS_AS(decode_table(Format::fp32), InternalError);
    CHECK_THROWS_AS(spec(Format::e4m3).infinity_code(), InternalError);
    CHECK_THROWS_AS(spec(Format::e2m1).nan_code(), InternalError);
}

TEST_CASE("formats are found by name") {
    for (const Format f : formats()) { CHECK(format_named(spec(f).name, "--format") == f); }
    CHECK_THROWS_AS(format_named("e3m4", "--format"), ConfigError);
}
