// covers: mma.cpp gemm.cpp
#include "models/numerics/error.hpp"
#include "models/numerics/gemm.hpp"
#include "models/numerics/inputs.hpp"
#include "models/numerics/quantize.hpp"
#include "sim/base/rng.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

using namespace tessera;
using namespace tessera::numerics;

namespace {

constexpr int kM = 64, kN = 64, kK = 2048;

struct Problem {
    GemmOperand a, b;
    Float64Gemm exact;
};

Problem problem(Distribution d, std::uint64_t seed, const GroupShape& a_group, const GroupShape& b_group) {
    Quantization q;
    q.group = a_group;
    Problem p;
    p.a = quantize(draw(d, kM, kK, seed), kM, kK, q);
    q.group = b_group;
    p.b = quantize(draw(d, kN, kK, seed + 1000), kN, kK, q);
    p.exact = float64_gemm(dequantized(p.a), dequantized(p.b), kM, kN, kK, 0);
    return p;
}

double error(const Problem& p, int bits, int promotion, bool inside) {
    GemmNumerics g;
    g.mma = with_accumulator_bits(mma_spec("hopper", Format::e4m3), bits);
    g.promotion = promotion;
    g.scale_inside = inside;
    return gemm_error(gemm(p.a, p.b, g), p.exact).relative_frobenius;
}

}  // namespace

TEST_CASE("the order of k inside one instruction does not change a Hopper result") {
    const MmaSpec m = mma_spec("hopper", Format::e4m3);
    Rng random(11);
    for (int trial = 0; trial < 500; ++trial) {
        std::vector<std::uint16_t> a, b;
        for (int i = 0; i < 32; ++i) {
            a.push_back(static_cast<std::uint16_t>(random.below(256)));
            b.push_back(static_cast<std::uint16_t>(random.below(256)));
            if (trial % 10 != 0) {  // mostly without NaN
                if ((a.back() & 0x7F) == 0x7F) { a.back() = 0; }
                if ((b.back() & 0x7F) == 0x7F) { b.back() = 0; }
            }
        }
        const auto c = static_cast<float>(random.normal() * 1000);
        const float d = mma_dot(m, Format::e4m3, a.data(), b.data(), 32, c);
        std::vector<std::size_t> order(32);
        std::iota(order.begin(), order.end(), 0U);
        for (std::size_t i = 31; i > 0; --i) { std::swap(order[i], order[random.below(i + 1)]); }
        std::vector<std::uint16_t> x, y;
        for (const std::size_t i : order) {
            x.push_back(a[i]);
            y.push_back(b[i]);
        }
        REQUIRE(float_bits(mma_dot(m, Format::e4m3, x.data(), y.data(), 32, c)) == float_bits(d));
    }
}

TEST_CASE("but the order of instructions does") {
    GemmOperand a{Format::e5m2, 64, 96, std::vector<std::uint16_t>(64 * 96, 0), {}};
    GemmOperand b{Format::e5m2, 8, 96, std::vector<std::uint16_t>(8 * 96, 0x3C), {}};
    for (std::size_t row = 0; row < 64; ++row) {
        std::uint16_t* x = &a.codes[row * 96];
        const bool large_first = row % 2 == 0;
        x[large_first ? 0 : 64] = 0x74;                                                // 16384
        for (std::size_t k = 32; k < 64; ++k) { x[large_first ? k : k - 32] = 0x3C; }  // 32 ones
    }
    GemmNumerics g;
    g.mma = mma_spec("hopper", Format::e5m2);
    const std::vector<float> d = gemm(a, b, g);
    CHECK(d[0] == 16384);  // each one falls below 2^-13 of 16384
    CHECK(d[8] == 16416);  // their sum does not
}

TEST_CASE("wider accumulators never increase the error on average") {
    for (const Distribution d : distributions()) {
        for (const bool inside : {false, true}) {
            double last = 1e300;
            for (const int bits : {8, 10, 12, 13, 14, 16, 19, 22, 24, 26, 30, 34}) {
                double mean = 0;
                for (const std::uint64_t seed : {1U, 2U, 3U}) {
                    const Problem p =
                        inside ? problem(d, seed, {1, 128}, {64, 128}) : problem(d, seed, {kM, kK}, {kN, kK});
                    mean += error(p, bits, 0, inside) / 3;
                }
                INFO(to_string(d) << ", " << bits << " bits, scales inside " << inside);
                // Beyond 23 bits nothing is left but the rounding of the FP32 register, a few 1e-7, the same within a
                // hundredth.
                CHECK(mean <= last * (bits > 24 ? 1.01 : 1.0));
                CHECK((bits < 30 || mean < 4e-7));
                last = mean;
            }
        }
    }
}

TEST_CASE("promoting more often never increases the error on average, where sums grow") {
    double last = 0;
    for (const int promotion : {32, 64, 128, 256, 512, 1024, 0}) {
        double mean = 0;
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            mean += error(problem(Distribution::same_sign, seed, {kM, kK}, {kN, kK}), 13, promotion, false) / 3;
        }
        CHECK(mean >= last);
        last = mean;
    }
}

TEST_CASE("smaller groups fit outliers better") {
    const std::vector<float> values = draw(Distribution::outlier, kM, kK, 1);
    double last = 0;
    for (const int k : {16, 32, 64, 128, 256, 2048}) {
        Quantization q;
        q.group = {1, k};
        const std::vector<double> back = dequantized(quantize(values, kM, kK, q));
        double squares = 0;
        for (std::size_t i = 0; i < values.size(); ++i) { squares += (back[i] - values[i]) * (back[i] - values[i]); }
        CHECK(squares >= last * 0.98);
        last = squares;
    }
}
