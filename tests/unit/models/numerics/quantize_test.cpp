#include "models/numerics/quantize.hpp"

#include "models/numerics/inputs.hpp"
#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::numerics;

namespace {

const GroupShape kShapes[] = {{1, 128}, {128, 1}, {128, 128}, {1, 32}, {1, 16}};

}  // namespace

TEST_CASE("the largest value of every group becomes the largest of the format, and none exceeds it") {
    const std::vector<float> values = draw(Distribution::heavy_tail, 128, 256, 1);
    for (const GroupShape& shape : kShapes) {
        Quantization q;
        q.group = shape;
        const GemmOperand o = quantize(values, 128, 256, q);
        CHECK(o.scales.factors.size() == static_cast<std::size_t>(128 / shape.rows * (256 / shape.k)));
        std::vector<int> full(o.scales.factors.size());
        for (std::size_t i = 0; i < o.codes.size(); ++i) {
            const int row = static_cast<int>(i) / 256, k = static_cast<int>(i) % 256;
            const auto group = static_cast<std::size_t>(row / shape.rows * (256 / shape.k) + k / shape.k);
            full[group] += (o.codes[i] & 0x7FU) == 0x7E;
        }
        for (const int n : full) { REQUIRE(n >= 1); }
    }
}

TEST_CASE("quantization errs by at most half a step of the element, relative to its group") {
    const std::vector<float> values = draw(Distribution::normal, 128, 128, 2);
    for (const ScaleFormat scale : {ScaleFormat::fp32, ScaleFormat::power_of_two, ScaleFormat::ue8m0}) {
        for (const GroupShape& shape : kShapes) {
            Quantization q;
            q.group = shape;
            q.scale = scale;
            const GemmOperand o = quantize(values, 128, 128, q);
            const std::vector<double> back = dequantized(o);
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double factor = o.scales.at(static_cast<int>(i) / 128, static_cast<int>(i) % 128);
                // E4M3: 3 fraction bits, subnormal step 2^-9; a little more for the rounded inverse of the scale.
                const double bound =
                    std::max(std::fabs(static_cast<double>(values[i])) / 16, factor * std::ldexp(1, -10)) * (1 + 1e-5);
                REQUIRE(std::fabs(back[i] - values[i]) <= bound);
            }
        }
    }
}

TEST_CASE("scales of powers of two are the next above, FP32 scales the quotient") {
    CHECK(group_scale(448, Format::e4m3, ScaleFormat::fp32) == 1);
    CHECK(group_scale(448, Format::e4m3, ScaleFormat::ue8m0) == 1);
    CHECK(group_scale(449, Format::e4m3, ScaleFormat::ue8m0) == 2);
    CHECK(group_scale(449, Format::e4m3, ScaleFormat::power_of_two) == 2);
    CHECK(group_scale(7, Format::e2m1, ScaleFormat::fp32) == 7.0F / 6.0F);
    CHECK(group_scale(0, Format::e4m3, ScaleFormat::fp32) == kSmallestMagnitude / 448.0F);
    CHECK(scale_bits(ScaleFormat::ue8m0) == 8);
    CHECK(scale_bits(ScaleFormat::fp32) == 32);
}

TEST_CASE("stochastic rounding has no bias where rounding to nearest has one") {
    // 1.0156 lies an eighth of the way from 1 to 1.125: to nearest always gives 1.
    std::vector<float> values(128 * 128, 1.015625F);
    values[0] = 448;  // one group, scale 1
    Quantization q;
    q.group = {128, 128};
    const auto mean = [&] {
        const std::vector<double> back = dequantized(quantize(values, 128, 128, q));
        double sum = 0;
        for (std::size_t i = 1; i < back.size(); ++i) { sum += back[i]; }
        return sum / static_cast<double>(back.size() - 1);
    };
    CHECK(mean() == 1.0);
    q.rounding = Rounding::stochastic;
    const double stochastic = mean();
    CHECK(stochastic == Approx(1.015625).margin(5 * 0.125 * 0.33 / 128));  // five standard errors
    CHECK(mean() == stochastic);                                           // the same seed
    q.seed = 2;
    CHECK(mean() != stochastic);
}

TEST_CASE("groups that do not divide, values that are not finite, names that are unknown") {
    std::vector<float> values(64 * 96, 1.0F);
    Quantization q;
    CHECK_THROWS_AS(quantize(values, 64, 96, q), ConfigError);
    q.group = {1, 32};
    CHECK_NOTHROW(quantize(values, 64, 96, q));
    CHECK_THROWS_AS(quantize(values, 64, 64, q), ConfigError);
    values[7] = INFINITY;
    CHECK_THROWS_WITH(quantize(values, 64, 96, q), Catch::Contains("row 0, column 7"));
    CHECK(group_named("128x1", 4, 4, "--group").rows == 128);
    CHECK(group_named("none", 4, 8, "--group").k == 8);
    for (const char* bad : {"128", "x128", "0x128", "1x-5", "1x128x1", ""}) {
        CHECK_THROWS_AS(group_named(bad, 4, 4, "--group"), ConfigError);
    }
    CHECK(scale_format_named("ue8m0", "--scales") == ScaleFormat::ue8m0);
    CHECK_THROWS_AS(scale_format_named("int4", "--scales"), ConfigError);
}

TEST_CASE("a plain cast has no scales") {
    const GemmOperand o = cast({1, -2, 1000, 0.3F}, 2, 2, {Format::e4m3});
    CHECK(o.scales.empty());
    CHECK(dequantized(o) == std::vector<double>{1, -2, 448, 0.3125});
}
