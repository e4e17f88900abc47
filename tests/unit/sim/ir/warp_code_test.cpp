#include "sim/ir/warp_code.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::stream_kernels;

TEST_CASE("code between two compilations lies on their line") {
    const WarpCode a{16, 30, 100, 40, 1, 10, 300, 800}, b{32, 40, 200, 80, 2, 20, 500, 1200};
    const WarpCode c = between(a, b, 24);
    CHECK(c.registers == 35);
    CHECK(c.instructions == 150);
    CHECK(c.half_rate == 60);
    CHECK(c.data_passes == 15);
    CHECK(c.alone_cycles == 400);
    CHECK(c.block_cycles == 1000);
    CHECK(between(a, b, 1).instructions >= 1);
    CHECK_THROWS_AS(between(b, a, 20), InternalError);
}

TEST_CASE("a warp's code becomes costs per element") {
    const StreamDesc d = with_code(elementwise_add(64, 1024), {16, 30, 100, 40, 4, 8, 300});
    CHECK(d.registers == 30);
    CHECK(d.alu_per_element == Approx(96.0 / 16));  // more than 2 x 40 on the half-rate pipe
    CHECK(d.sfu_per_element == Approx(4.0 / 16));
    CHECK(d.smem_bytes_per_element * 16 * 32 == Approx(8 * 128));
    CHECK(d.warp_cycles == 300);
    CHECK(d.block_cycles == 0);
    const StreamDesc half = with_code(elementwise_add(64, 1024), {16, 30, 100, 70, 4, 8, 300});
    CHECK(half.alu_per_element == Approx(140.0 / 16));
}
