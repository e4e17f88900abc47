#include "models/numerics/convert.hpp"

#include "models/numerics/wide_int.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace tessera;
using namespace tessera::numerics;

namespace {

const std::vector<Format> kSigned = {Format::e4m3, Format::e5m2, Format::e5m6,
                                     Format::e2m1, Format::bf16, Format::fp16};

}  // namespace

TEST_CASE("every finite code converts to itself") {
    for (const Format f : kSigned) {
        const FormatSpec& s = spec(f);
        for (std::uint32_t code = 0; code < (1U << unsigned(s.bits())); ++code) {
            if (unpack(code, s).kind != Unpacked::Kind::finite) { continue; }
            const auto x = static_cast<float>(decode(code, s));
            REQUIRE(convert(x, {f}) == code);
            REQUIRE(convert(x, {f, Rounding::toward_zero}) == code);
            REQUIRE(convert(x, {f, Rounding::upward}) == code);
        }
    }
}

TEST_CASE("halfway between two codes goes to the even one, a little further to the nearer one") {
    for (const Format f : kSigned) {
        const FormatSpec& s = spec(f);
        for (std::uint32_t code = 0; code < s.max_finite_code(); ++code) {
            const double low = decode(code, s), high = decode(code + 1, s);
            const auto middle = static_cast<float>((low + high) / 2);  // exact: one bit more
            REQUIRE(convert(middle, {f}) == code + (code & 1U));
            REQUIRE(convert(std::nextafter(middle, INFINITY), {f}) == code + 1);
            REQUIRE(convert(std::nextafter(middle, 0.0F), {f}) == code);
            REQUIRE(convert(middle, {f, Rounding::toward_zero}) == code);
            REQUIRE(convert(middle, {f, Rounding::upward}) == code + 1);
        }
    }
}

TEST_CASE("what is too large saturates, or becomes infinite, or NaN where there is no infinity") {
    const float inf = std::numeric_limits<float>::infinity();
    CHECK(convert(1e30F, {Format::e4m3}) == 0x7E);
    CHECK(convert(-inf, {Format::e4m3}) == 0xFE);
    CHECK(convert(464.0F, {Format::e4m3}) == 0x7E);  // halfway to 480, which E4M3 does not have
    CHECK(convert(1e30F, {Format::e4m3, Rounding::nearest_even, false}) == 0x7F);
    CHECK(convert(1e30F, {Format::e5m2}) == 0x7B);
    CHECK(convert(61440.0F, {Format::e5m2, Rounding::nearest_even, false}) == 0x7C);  // halfway past the largest
    CHECK(convert(61439.0F, {Format::e5m2, Rounding::nearest_even, false}) == 0x7B);
    CHECK(convert(-inf, {Format::fp16, Rounding::nearest_even, false}) == 0xFC00);
    CHECK(convert(7.0F, {Format::e2m1}) == 0x7);
}

TEST_CASE("NaN loses its sign and payload, zero keeps its sign") {
    const float nan = float_of(0xFFC12345U);
    CHECK(convert(nan, {Format::e4m3}) == 0x7F);
    CHECK(convert(nan, {Format::bf16}) == 0x7FFF);
    CHECK(convert(nan, {Format::e2m1}) == 0x7);
    CHECK(convert(-0.0F, {Format::e4m3}) == 0x80);
    CHECK(convert(-1e-30F, {Format::e4m3}) == 0x80);
}

TEST_CASE("scales of eight bits are powers of two, rounded as asked") {
    CHECK(convert(1.0F, {Format::ue8m0, Rounding::upward}) == 127);
    CHECK(convert(1.0000001F, {Format::ue8m0, Rounding::upward}) == 128);
    CHECK(convert(1.9F, {Format::ue8m0, Rounding::toward_zero}) == 127);
    CHECK(convert(0.0F, {Format::ue8m0}) == 0);
    CHECK(convert(3e38F, {Format::ue8m0, Rounding::upward}) == 254);
}

TEST_CASE("stochastic rounding goes up as often as the distance says, and never from an exact value") {
    const float low = 1.0F, high = 1.125F;
    Rng random(3);
    for (const double share : {0.25, 0.5, 0.9}) {
        const auto x = static_cast<float>(low + share * (high - low));
        const int draws = 20000;
        int up = 0;
        for (int i = 0; i < draws; ++i) {
            up += convert(x, {Format::e4m3, Rounding::stochastic}, random.next()) == 0x39;
        }
        // Five standard deviations of a binomial count.
        CHECK(std::fabs(up - draws * share) < 5 * std::sqrt(draws * share * (1 - share)));
    }
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(convert(high, {Format::e4m3, Rounding::stochastic}, random.next()) == 0x39);
    }
}
