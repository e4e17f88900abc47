#include "models/numerics/error.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace tessera;
using namespace tessera::numerics;

TEST_CASE("float64 products of small matrices by hand") {
    const Float64Gemm g = float64_gemm({1, 2, 3, -4, 5, -6}, {1, 1, 1, 2, 0, -1}, 2, 2, 3, 1);
    CHECK(g.sums == std::vector<double>{6, -1, -5, -2});
    CHECK(g.magnitudes == std::vector<double>{6, 5, 15, 14});
    CHECK_THROWS_AS(float64_gemm({1}, {1}, 1, 1, 2, 1), InternalError);
}

TEST_CASE("every measure of the error by hand") {
    const Float64Gemm exact{{3, 4, 0}, {6, 8, 2}};
    const GemmError e = gemm_error({3, 3, 1}, exact);
    CHECK(e.relative_frobenius == Approx(std::sqrt(2.0) / 5));
    CHECK(e.max_relative == Approx(0.25));
    CHECK(e.max_over_magnitudes == Approx(0.5));
    CHECK(e.max_over_rms == Approx(1 / (5 / std::sqrt(3.0))));
    CHECK(e.mean_signed == Approx(-0.125));
    CHECK(e.compared == 3);
}

TEST_CASE("results that are not finite are counted, not averaged") {
    const float inf = std::numeric_limits<float>::infinity();
    const GemmError e = gemm_error({inf, 1}, {{1, 1}, {1, 1}});
    CHECK(e.not_finite == 1);
    CHECK(e.compared == 1);
    CHECK(e.relative_frobenius == 0);
    CHECK(std::isfinite(gemm_error({0}, {{0}, {0}}).relative_frobenius));
}
