#include "sim/ir/thread_blocks.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

SmConfig hopper() {
    SmConfig sm;
    sm.count = 132;
    sm.smem.capacity = kib(228);
    sm.smem.reserved_per_cta = kib(1);
    return sm;
}

}  // namespace

TEST_CASE("the smallest of four limits decides how many blocks an SM holds", "[thread_blocks]") {
    const SmConfig sm = hopper();
    CHECK(resident_ctas(128, 32, {}, sm) == 16);           // threads: 2048 / 128, registers just fit
    CHECK(resident_ctas(32, 16, {}, sm) == 32);            // block slots
    CHECK(resident_ctas(128, 168, bytes(64), sm) == 3);    // registers: 65536 / (128 * 168) = 3.05
    CHECK(resident_ctas(128, 33, {}, sm) == 12);           // 33 registers are handed out as 40
    CHECK(resident_ctas(256, 40, bytes(33792), sm) == 6);  // shared memory: 228 KiB / 34 KiB = 6.7
}

TEST_CASE("a block that fits nowhere is refused with its figures", "[thread_blocks]") {
    CHECK_THROWS_AS(resident_ctas(128, 32, kib(228), hopper()), ModelError);
    CHECK_THROWS_WITH(resident_ctas(1024, 128, {}, hopper()), Catch::Contains("128 registers"));
}

TEST_CASE("a grid has a block per tile or loops over them", "[thread_blocks]") {
    StreamDesc d;
    d.rows = 1000;
    d.cols = 300;
    d.tile_rows = 128;
    d.tile_cols = 128;
    const StreamGrid once = stream_grid(d);
    CHECK(once.tiles == 8 * 3);
    CHECK(once.ctas == 24);
    CHECK_FALSE(once.persistent);
    d.max_ctas = 10;
    const StreamGrid loop = stream_grid(d);
    CHECK(loop.ctas == 10);
    CHECK(loop.persistent);
    CHECK(loop.tiles_per_cta == 3);  // 24 tiles over 10 blocks
    d.tile_cols = 0;
    CHECK(stream_grid(d).tiles == 8);
}

TEST_CASE("396 blocks, three to an SM, need a second wave when 20 of 132 SMs are taken", "[thread_blocks]") {
    CHECK(waves(396, 3, 132) == 1);
    CHECK(waves(396, 3, 112) == 2);
}
