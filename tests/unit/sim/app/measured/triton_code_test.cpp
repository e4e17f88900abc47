#include "sim/app/measured/triton_code.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;

TEST_CASE("compiled block sizes have their own figures, others lie between") {
    const auto small = triton_code("cast_1x128", 128, 16, 16), large = triton_code("cast_1x128", 256, 32, 32);
    CHECK(small.registers == 30);
    CHECK(large.instructions == 224);
    const auto middle = triton_code("cast_1x128", 128, 24, 24);
    CHECK(middle.registers == Approx((small.registers + large.registers) / 2));
    CHECK(middle.alone_cycles == Approx((small.alone_cycles + large.alone_cycles) / 2));
    const auto beyond = triton_code("rmsnorm", 128, 96, 96);
    CHECK(beyond.instructions > triton_code("rmsnorm", 128, 64, 64).instructions);
}

TEST_CASE("a padded row costs what its padding costs") {
    const auto padded = triton_code("rmsnorm", 256, 32, 28);
    CHECK(padded.values == 28);
    CHECK(padded.instructions == triton_code("rmsnorm", 256, 32, 32).instructions);
}

TEST_CASE("one warp a token needs no barriers; unknown families have no code") {
    CHECK(triton_code("router_topk_triton", 32, 8, 8).alone_cycles <
          triton_code("router_topk_triton", 128, 8, 8).alone_cycles);
    CHECK_THROWS_AS(triton_code("convolution", 128, 8, 8), ModelError);
}
