#include "sim/base/normal.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("quantiles of the normal distribution are those of the tables") {
    CHECK(normal_quantile(0.5) == Approx(0).margin(1e-9));
    CHECK(normal_quantile(0.975) == Approx(1.959964).epsilon(1e-6));
    CHECK(normal_quantile(0.025) == Approx(-1.959964).epsilon(1e-6));
    // Blom: the expected maximum of 8 normal variables is 1.4236.
    CHECK(normal_quantile(7.625 / 8.25) == Approx(1.4236).epsilon(0.01));
    CHECK_THROWS_AS(normal_quantile(1), InternalError);
}
