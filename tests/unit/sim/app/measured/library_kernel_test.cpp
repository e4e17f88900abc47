#include "sim/app/measured/library_kernel.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

TEST_CASE("cuBLASLt's kernel names tell the tile and how it is computed") {
    const auto t = library_tile("nvjet_sm90_qqtst_256x128_128x4_1x2_h_bz_coopA_TNT");
    REQUIRE(t);
    CHECK(t->m == 256);
    CHECK(t->n == 128);
    CHECK(t->k == 128);
    CHECK(t->stages == 4);
    CHECK(t->cluster_n == 2);
    CHECK(t->cooperative);
    CHECK_FALSE(t->promoted);
    CHECK(t->a_k_major);
    CHECK(t->b_k_major);
    const auto wgrad = library_tile("nvjet_sm90_tst_192x192_64x3_1x2_h_bz_coopB_NTN");
    CHECK_FALSE(wgrad->a_k_major);
    CHECK_FALSE(wgrad->b_k_major);
    const auto block = library_tile("nvjet_sm90_qqtst_128x128_128x6_2x1_v_bz_coopA_algo2_Ablk128_");
    CHECK(block->promoted);
    CHECK(block->a_k_major);
    CHECK(library_tile("nvjet_sm90_tst_64x16_64x16_1x1_h_bz_splitK_TNT")->split_k);
    CHECK_FALSE(library_tile("nvjet_sm90_tst_64y16_64x16_1x1_h_bz_TNT"));
    CHECK_FALSE(library_tile("nvjet_sm90_tst_0x16_64x16_1x1_h_bz_TNT"));
    CHECK_FALSE(library_tile("copy_flat"));
}

TEST_CASE("a launch is read with its extents checked") {
    const Profiled p = profiled(Text(R"({"name": "k", "grid": [2, 66, 1], "block": [32, 4, 1], "smem": 64})").at());
    CHECK(p.blocks() == 132);
    CHECK(p.threads == 128);
    CHECK_THROWS_AS(profiled(Text(R"({"name": "k", "grid": [2, 66], "block": [32, 4, 1], "smem": 64})").at()),
                    ConfigError);
    CHECK_THROWS_AS(profiled(Text(R"({"name": "k", "grid": [2, 0, 1], "block": [32, 4, 1], "smem": 64})").at()),
                    ConfigError);
    CHECK_THROWS_AS(profiled(Text(R"({"name": "k", "grid": [2, 1, 1], "block": [64, 64, 1], "smem": 64})").at()),
                    ConfigError);
    CHECK_THROWS_AS(profiled(Text(R"({"name": "k", "grid": [2, 1, 1], "block": [64, 1, 1], "smem": -1})").at()),
                    ConfigError);
}
