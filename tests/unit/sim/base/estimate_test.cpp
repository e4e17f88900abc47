#include "sim/base/estimate.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("estimates add and multiply end by end") {
    Estimate e{1, 2, 4};
    e += {0.5, 1, 2};
    CHECK(e.low == 1.5);
    CHECK(e.nominal == 3);
    CHECK(e.high == 6);
    const Estimate twice = e * 2, product = e * Estimate{1, 2, 3};
    CHECK(twice.high == 12);
    CHECK(product.low == 1.5);
    CHECK(product.high == 18);
    CHECK_THROWS_AS(e * -1, InternalError);
}
