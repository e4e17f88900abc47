// covers: gemm_plan.cpp gemm_consumer.cpp
// Expected cycles are those of the E.promotion microbenchmarks on an H200, with the constants of its configuration.
#include "models/sm/gemm_plan.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/gemm.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

GemmPlan planned(const SystemConfig& c, const GemmDesc& g) {
    Bench bench(c);
    return plan_gemm(g, c.sm.count, bench.tensor(), c);
}

double kblock(const SystemConfig& c, int bm, int bn, ConsumerStyle style, int interval = 128) {
    GemmDesc g = fp8_gemm(4096, 4096, 4096);
    g.promotion_interval = interval;
    g.tiling = tile(bm, bn, 128, style);
    return planned(c, g).full.total;
}

}  // namespace

TEST_CASE("a k-block takes what the promotion microbenchmarks measured") {
    const SystemConfig c = load_system(std::string(TESSERA_SOURCE_DIR) + "/configs/systems/h200.json");
    // No promotion: 256.2 and 512.3 cycles (64x128, 128x128).
    CHECK(kblock(c, 64, 128, ConsumerStyle::single, 0) == Approx(256.2).epsilon(0.005));
    CHECK(kblock(c, 128, 128, ConsumerStyle::cooperative, 0) == Approx(512.3).epsilon(0.005));
    // One warpgroup: 458.1; what does not grow with the width: DeepGEMM's 64x64 and 64x96 tiles take 306 and 370.
    CHECK(kblock(c, 64, 128, ConsumerStyle::single) == Approx(458.1).epsilon(0.002));
    CHECK(kblock(c, 64, 64, ConsumerStyle::single) == Approx(306).epsilon(0.04));
    CHECK(kblock(c, 64, 96, ConsumerStyle::single) == Approx(370).epsilon(0.04));
    // Two warpgroups on one tile: 706.2 without order, 619.4 in turn.
    CHECK(kblock(c, 128, 128, ConsumerStyle::cooperative) == Approx(706.2).epsilon(0.02));
    CHECK(kblock(c, 128, 128, ConsumerStyle::ordered) == Approx(619.4).epsilon(0.01));
    // 256x128 by two warpgroups in turn: 1193.4.
    CHECK(kblock(c, 256, 128, ConsumerStyle::ordered) == Approx(1193.4).epsilon(0.11));
}

TEST_CASE("without an order the warpgroups fall into the faster of both ways") {
    const SystemConfig c = load_system(std::string(TESSERA_SOURCE_DIR) + "/configs/systems/h200.json");
    const double named_barrier = 31, issue = c.sm.tensor.wgmma_issue.raw();
    for (const int bn : {32, 64, 96, 128, 160, 192}) {
        const double mma = kblock(c, 128, bn, ConsumerStyle::cooperative, 0) - issue;
        const double in_phase = kblock(c, 128, bn, ConsumerStyle::cooperative);
        const double ordered = kblock(c, 128, bn, ConsumerStyle::ordered);  // in phase as well where that is faster
        const double in_turn = ordered < in_phase ? std::max(ordered - named_barrier, mma) : in_phase;
        const double way = std::min(in_phase, in_turn);
        CHECK(kblock(c, 128, bn, ConsumerStyle::automatic) == Approx(way));
    }
    // cuBLASLt's 128x128 tiles, K of 512 to 36,864.
    CHECK(kblock(c, 128, 128, ConsumerStyle::automatic) == Approx(589).epsilon(0.005));
}

TEST_CASE("rows that start off the lines of L2 touch more of them") {
    const SystemConfig c = round_system();
    GemmDesc g = fp8_gemm(256, 256, 256);
    g.tiling = tile(128, 128, 128);
    CHECK(planned(c, g).a_lines == 1.0);
    g.k = g.a.cols = g.b.cols = 13904;  // 16 bytes off a multiple of 32: eight starts, seven of them on two lines
    CHECK(planned(c, g).a_lines == Approx(1 + 7.0 / 8));
    CHECK(planned(c, g).b_lines == Approx(1 + 7.0 / 8));
    g.k = g.a.cols = g.b.cols = 13888;  // 64 bytes off: every second row
    CHECK(planned(c, g).a_lines == Approx(1.5));
}

TEST_CASE("exact k-block of one warpgroup") {
    const SystemConfig c = round_system();  // drain 10, 128 cycles of promotion beside it
    GemmDesc g = fp8_gemm(256, 256, 256);
    g.tiling = tile(64, 128, 128, ConsumerStyle::single);
    const GemmPlan p = planned(c, g);
    CHECK(p.full.tensor == Approx(256));
    CHECK(p.full.total == Approx(256 + 10 + 128));
    CHECK(p.full.promotion() == Approx(10 + 128));
    CHECK(p.cuda_ops_per_kblock == Approx(64 * 128));
}

TEST_CASE("promotion costs more with two-sided scales and less often costs less") {
    const SystemConfig c = round_system();
    GemmDesc g = fp8_gemm(4096, 4096, 4096);
    g.tiling = tile(128, 128, 128, ConsumerStyle::cooperative);
    const double weights = planned(c, g).full.total;
    g.scale = ScaleMode::block_1x128_1x128;
    CHECK(planned(c, g).full.total > weights);
    g.scale = ScaleMode::tensor_promoted;
    g.promotion_interval = 512;
    const double rare = planned(c, g).full.total;
    g.promotion_interval = 0;
    const double never = planned(c, g).full.total;
    CHECK(rare == Approx(never + (weights - never) / 4));
}

TEST_CASE("scales inside the Tensor Cores leave nothing to promote") {
    SystemConfig c = round_system();
    GemmDesc g = fp8_gemm(4096, 4096, 4096);
    g.tiling = tile(128, 128, 128, ConsumerStyle::cooperative);
    const double promoted = planned(c, g).full.total;
    c.sm.tensor.group_scaling = true;
    const GemmPlan p = planned(c, g);
    CHECK(p.group_scaled);
    CHECK_FALSE(p.promoted);
    CHECK(p.full.total < promoted);
    CHECK(p.cuda_ops_per_kblock == 0);
}

TEST_CASE("stages fill shared memory beside the output tile") {
    const SystemConfig c = round_system();  // 227 KiB
    const GemmDesc g = fp8_gemm(4096, 4096, 4096);
    // (227 - 1) KiB - 32 KiB for D, 32 KiB and 512 B of scales per stage.
    CHECK(stages_that_fit(g, 128, 128, 128, c) == (226 * 1024 - 32768) / (32768 + 512));
    GemmDesc forced = g;
    forced.tiling = tile(256, 128, 128);
    forced.tiling->stages = 4;  // 64 KiB of D no longer fit as a whole
    const GemmPlan p = planned(c, forced);
    CHECK(p.stages == 4);
    CHECK(p.d_room < p.d_bytes);
    forced.tiling->stages = 3;
    CHECK(planned(c, forced).epilogue < p.epilogue);
}

TEST_CASE("impossible tiles are refused") {
    const SystemConfig c = round_system();
    GemmDesc g = fp8_gemm(4096, 4096, 4096);
    for (const auto& t : {tile(128, 100, 128), tile(100, 128, 128), tile(128, 128, 100), tile(256, 256, 128),
                          tile(512, 256, 128), tile(128, 640, 128)}) {
        g.tiling = t;
        CHECK_THROWS_AS(planned(c, g), ModelError);
    }
    g.tiling = tile(128, 128, 128);
    g.tiling->cluster = 4;  // this TMA multicasts to two
    CHECK_THROWS_AS(planned(c, g), ModelError);
    g.tiling->cluster = 1;
    g.b_k_major = false;  // transposed FP8 without the capability
    CHECK_THROWS_AS(planned(c, g), ModelError);
    g.b_k_major = true;
    g.fused_cast_a = true;  // a cast without the capability
    CHECK_THROWS_AS(planned(c, g), ModelError);
}

TEST_CASE("a fused cast reads BF16 and needs no scales from memory") {
    SystemConfig c = round_system();
    c.tma.cast = true;
    c.tma.cast_throughput = bytes_per_cycle(128);
    GemmDesc g = fp8_gemm(4096, 4096, 4096);
    g.tiling = tile(128, 128, 128);
    const GemmPlan plain = planned(c, g);
    g.fused_cast_a = true;
    const GemmPlan fused = planned(c, g);
    CHECK(plain.a_bytes == bytes(128 * 128 + 512));
    CHECK(fused.a_bytes == bytes(2 * 128 * 128));
    CHECK(fused.load_descriptors == plain.load_descriptors - 1);
}
