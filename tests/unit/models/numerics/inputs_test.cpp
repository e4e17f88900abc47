#include "models/numerics/inputs.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::numerics;

TEST_CASE("each distribution looks like its name, and is the same for the same seed") {
    for (const Distribution d : distributions()) {
        const std::vector<float> values = draw(d, 64, 512, 5);
        CHECK(values == draw(d, 64, 512, 5));
        CHECK(values != draw(d, 64, 512, 6));
        CHECK(distribution_named(to_string(d), "--data") == d);
        const auto low = *std::min_element(values.begin(), values.end());
        CHECK((low >= 0) == (d == Distribution::same_sign));
    }
    CHECK_THROWS_AS(distribution_named("uniform", "--data"), ConfigError);
}

TEST_CASE("outlier channels stand out in every row, heavy tails anywhere") {
    const std::vector<float> outlier = draw(Distribution::outlier, 256, 128, 1);
    double channel = 0, others = 0;
    for (std::size_t i = 0; i < outlier.size(); ++i) {
        const double square = static_cast<double>(outlier[i]) * outlier[i];
        (i % 128 == 64 ? channel : others) += square;
    }
    CHECK(std::sqrt(channel / (others / 127)) == Approx(100).epsilon(0.15));
    const std::vector<float> heavy = draw(Distribution::heavy_tail, 256, 128, 1),
                             normal = draw(Distribution::normal, 256, 128, 1);
    const auto beyond = [](const std::vector<float>& v) {
        return std::count_if(v.begin(), v.end(), [](float x) { return std::fabs(x) > 5; });
    };
    // P(|t3| > 5) = 0.0154, P(|normal| > 5) = 6e-7
    CHECK(beyond(heavy) == Approx(0.0154 * 256 * 128).epsilon(0.2));
    CHECK(beyond(normal) <= 1);
}
