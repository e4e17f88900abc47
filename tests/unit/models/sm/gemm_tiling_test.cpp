#include "models/sm/gemm_tiling.hpp"

#include "models/sm/gemm_plan.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/gemm.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

SystemConfig h200() { return load_system(std::string(TESSERA_SOURCE_DIR) + "/configs/systems/h200.json"); }

}  // namespace

TEST_CASE("the tile of large products is DeepGEMM's 256x128 with a cluster of two") {
    const GemmTiling t = choose_tiling(fp8_gemm(4096, 7168, 16384), 132, h200());
    CHECK(t.bm * t.bn == 256 * 128);
    CHECK(t.cluster == 2);
    CHECK(t.bk == 128);
}

TEST_CASE("few rows take narrow tiles that occupy more SMs") {
    const GemmTiling t = choose_tiling(fp8_gemm(64, 7168, 2048), 132, h200());
    CHECK(t.bm == 64);
    CHECK(t.bn <= 64);
    CHECK(choose_tiling(bf16_gemm(4096, 4096, 4096), 132, h200()).bk == 64);
}

TEST_CASE("every chosen tile can run") {
    const SystemConfig c = h200();
    for (const std::int64_t m : {1, 64, 129, 4096}) {
        for (const std::int64_t n : {64, 576, 7168}) {
            for (const std::int64_t k : {128, 512, 7168}) {
                const GemmDesc g = fp8_gemm(m, n, k);
                const GemmTiling t = choose_tiling(g, 112, c);
                CHECK(stages_that_fit(g, t.bm, t.bn, t.bk, c) >= 3);
            }
        }
    }
}

TEST_CASE("tiles are counted group by group") {
    GemmDesc g = fp8_gemm(512, 256, 256);
    CHECK(count_tiles(g, 128, 128) == 8);
    g.form = GemmForm::grouped_m;
    g.group_sizes = {130, 382};
    CHECK(count_tiles(g, 128, 128) == (2 + 3) * 2);
    g.form = GemmForm::grouped_k;
    g.group_sizes = {128, 128};
    CHECK(count_tiles(g, 128, 128) == 2 * 8);
}

TEST_CASE("no tile fits in a tiny shared memory") {
    SystemConfig c = h200();
    c.sm.smem.capacity = kib(16);
    CHECK_THROWS_AS(choose_tiling(fp8_gemm(128, 128, 128), 132, c), ModelError);
}
