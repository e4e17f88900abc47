#include "models/numerics/gemm_lanes.hpp"

#include "models/numerics/convert.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::numerics;

namespace {

struct Panel {
    std::vector<float> a, b;
    std::vector<std::int16_t> a_exponents, b_exponents;
    std::vector<std::uint16_t> a_codes, b_codes;  // b: [lane][k]
};

Panel random_panel(Format f, int k, std::uint64_t seed) {
    const FormatSpec& s = spec(f);
    Rng random(seed);
    const auto code = [&] {
        for (;;) {
            const auto c = static_cast<std::uint16_t>(random.below(std::uint64_t{1} << unsigned(s.bits())));
            if (random.below(4) == 0) { return std::uint16_t{0}; }
            if (unpack(c, s).kind == Unpacked::Kind::finite) { return c; }
        }
    };
    const auto exponent = [&](std::uint16_t c) {
        const Unpacked u = unpack(c, s);
        return u.significand == 0 ? kNoExponent : static_cast<std::int16_t>(u.exponent);
    };
    Panel p;
    p.b.resize(static_cast<std::size_t>(k * kLanes));
    p.b_exponents.resize(p.b.size());
    p.b_codes.resize(p.b.size());
    for (int i = 0; i < k; ++i) {
        p.a_codes.push_back(code());
        p.a.push_back(static_cast<float>(decode(p.a_codes.back(), s)));
        p.a_exponents.push_back(exponent(p.a_codes.back()));
        for (int l = 0; l < kLanes; ++l) {
            const std::uint16_t c = code();
            p.b_codes[static_cast<std::size_t>(l * k + i)] = c;
            p.b[static_cast<std::size_t>(i * kLanes + l)] = static_cast<float>(decode(c, s));
            p.b_exponents[static_cast<std::size_t>(i * kLanes + l)] = exponent(c);
        }
    }
    return p;
}

}  // namespace

TEST_CASE("both arithmetics, for this processor and for any, give the bits of the scalar routine") {
    for (const Format f : {Format::e4m3, Format::e5m2, Format::fp16, Format::bf16}) {
        for (const int bits : {10, 13, 16, 25, kMostLaneBits}) {
            const MmaSpec m = with_accumulator_bits(mma_spec("hopper", f), bits);
            for (const bool portable : {false, true}) {
                const LaneFn lanes = lane_function(lane_arithmetic(m, f), portable);
                std::array<float, kLanes> sums{};
                std::array<std::uint8_t, kLanes> overflow{};
                std::array<float, kLanes> expected{};
                for (std::uint64_t step = 0; step < 12; ++step) {
                    const Panel p = random_panel(f, m.k, step);
                    lanes({p.a.data(), p.a_exponents.data(), p.b.data(), p.b_exponents.data(), m.k},
                          {m.align_bits, m.result_bits, m.nearest, false}, nullptr, sums.data(), overflow.data());
                    for (std::size_t l = 0; l < kLanes; ++l) {
                        expected[l] = mma_dot(m, f, p.a_codes.data(), &p.b_codes[l * static_cast<std::size_t>(m.k)],
                                              m.k, expected[l]);
                        if (std::isinf(expected[l])) { REQUIRE(overflow[l] != 0); }
                        if (overflow[l] == 0) { REQUIRE(float_bits(sums[l]) == float_bits(expected[l])); }
                    }
                }
            }
        }
    }
}

TEST_CASE("floats serve narrow accumulators of FP8 and FP16, doubles the others") {
    CHECK(lane_arithmetic(mma_spec("hopper", Format::e4m3), Format::e4m3) == LaneArithmetic::in_float);
    CHECK(lane_arithmetic(mma_spec("hopper", Format::bf16), Format::bf16) == LaneArithmetic::in_double);
    CHECK(lane_arithmetic(with_accumulator_bits(mma_spec("hopper", Format::e4m3), 34), Format::e4m3) ==
          LaneArithmetic::in_double);
}
