// covers: deepgemm.cpp
#include "sim/app/measured/gemm.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

GemmDesc gemm(const Launch& l) { return std::get<GemmDesc>(l.kernel); }

std::string kernel(const std::string& name, const std::string& grid) {
    return R"({"name": ")" + name + R"(", "grid": )" + grid + R"(, "block": [384, 1, 1], "smem": 1000})";
}

}  // namespace

TEST_CASE("the library's column-major tile lies across the row-major product") {
    const Text c(R"({"shape": {"M": 2048, "N": 4096, "K": 7168}, "kernels": [)" +
                 kernel("nvjet_sm90_qqtst_256x128_128x4_1x2_h_bz_coopA_TNT", "[2, 66, 1]") + "]}");
    const auto launches = gemm_launches("gemm", "fp8_tensor_fast", c.at());
    REQUIRE(launches.size() == 1);
    const GemmDesc g = gemm(launches.front());
    CHECK(g.m == 4096);  // the library's rows are our columns
    CHECK(g.n == 2048);
    CHECK(g.a.rows == 4096);
    CHECK(g.tiling->bm == 256);
    CHECK(g.tiling->cluster == 2);
    CHECK(g.tiling->multicast_a);
    CHECK(g.tiling->consumers == ConsumerStyle::cooperative);
    CHECK(g.promotion_interval == 0);
    CHECK(launches.front().sms == 132);
    CHECK_NOTHROW(validate(launches.front().kernel));
}

TEST_CASE("a tile whose rows are no multiple of a wgmma's computes the product unswapped") {
    const Text c(R"({"shape": {"M": 2048, "N": 4096, "K": 7168}, "kernels": [)" +
                 kernel("nvjet_sm90_tst_168x64_64x7_2x1_v_bz_TNN", "[2, 33, 1]") + "]}");
    const Launch l = gemm_launches("gemm", "bf16_tn", c.at()).front();
    CHECK(gemm(l).m == 2048);
    CHECK(gemm(l).tiling->bm == 64);
    CHECK(gemm(l).tiling->bn == 168);
    CHECK(gemm(l).tiling->consumers == ConsumerStyle::pingpong);
    CHECK(l.sms == 66);
}

TEST_CASE("variants differ in scales, promotion and orientation") {
    CHECK(gemm_of_variant("fp8_block", 128, 128, 128).promotion_interval == 128);
    CHECK(gemm_of_variant("fp8_block11", 128, 128, 128).scale == ScaleMode::block_1x128_1x128);
    CHECK(gemm_of_variant("fp8_tensor", 128, 128, 128).promotion_interval == 512);
    CHECK(gemm_of_variant("fp8_tensor_fast", 128, 128, 128).promotion_interval == 0);
    CHECK_FALSE(gemm_of_variant("bf16_nt", 128, 128, 128).a_k_major);
    CHECK(gemm_of_variant("bf16_nn", 128, 128, 128).a_k_major);
    CHECK_THROWS_AS(gemm_of_variant("fp4", 128, 128, 128), ModelError);
}

TEST_CASE("split-K: the grid tells the parts, a second kernel adds them up") {
    const std::string reduce = kernel("void cublasLt::splitKreduce_kernel<32, 16>", "[66, 8, 1]");
    const Text c(R"({"shape": {"M": 128, "N": 2112, "K": 7168}, "kernels": [)" +
                 kernel("nvjet_sm90_tst_96x64_64x10_1x2_h_bz_splitK_TNN", "[2, 66, 1]") + ", " + reduce + "]}");
    const auto launches = gemm_launches("gemm", "bf16_tn", c.at());
    REQUIRE(launches.size() == 2);
    const GemmDesc g = gemm(launches[0]);
    CHECK(g.form == GemmForm::grouped_k);  // 22 x 2 tiles on 132 blocks: three parts
    REQUIRE(g.group_sizes.size() == 3);
    CHECK(g.group_sizes[0] + g.group_sizes[1] + g.group_sizes[2] == 7168);
    CHECK(g.d.dtype == DType::fp32);
    CHECK(g.tiling->epilogue_parts == 4);  // 96 x 64 FP32 in parts of 8 KiB
    const StreamDesc sum = std::get<StreamDesc>(launches[1].kernel);
    CHECK(sum.reads.size() == 3);
    CHECK(sum.rows == 128);
    CHECK(sum.tile_rows == 16);  // 128 rows over a grid of 8
    CHECK(sum.tile_cols == 32);
    for (const Launch& l : launches) { CHECK_NOTHROW(validate(l.kernel)); }
    const Text odd(R"({"shape": {"M": 128, "N": 2112, "K": 7168}, "kernels": [)" +
                   kernel("nvjet_sm90_tst_96x64_64x10_1x2_h_bz_splitK_TNN", "[1, 67, 1]") + ", " + reduce + "]}");
    CHECK_THROWS_AS(gemm_launches("gemm", "bf16_tn", odd.at()), ModelError);
}

TEST_CASE("without a kernel's name: the given tile, or the library's one block-scaled kernel") {
    const Text tile(R"({"shape": {"M": 256, "N": 512, "K": 1024}, "carve": 20,
        "tile": {"m": 128, "n": 64, "k": 64, "stages": 8, "cluster_m": 1, "cluster_n": 2}})");
    const Launch l = gemm_launches("gemm", "bf16_tn", tile.at()).front();
    CHECK(l.sms == 112);
    CHECK(gemm(l).tiling->bn == 64);
    const Text bare(R"({"shape": {"M": 256, "N": 512, "K": 1024}})");
    CHECK(gemm(gemm_launches("gemm", "fp8_block", bare.at()).front()).tiling->stages == 6);
    CHECK_FALSE(gemm(gemm_launches("gemm", "bf16_tn", bare.at()).front()).tiling);
}

TEST_CASE("clusters over both sides share both operands; tiles leave through 16 KiB") {
    const Text c(R"({"shape": {"M": 4096, "N": 2112, "K": 7168}, "kernels": [)" +
                 kernel("nvjet_sm90_qqtst_128x128_128x6_2x4_h_bz_ovscale_TNT", "[8, 15, 1]") + "]}");
    const Launch l = gemm_launches("gemm", "fp8_row", c.at()).front();
    CHECK(gemm(l).tiling->cluster == 4);
    CHECK(gemm(l).tiling->cluster_across == 2);
    CHECK(gemm(l).tiling->epilogue_parts == 4);
    CHECK(l.sms == 120);
}

TEST_CASE("inputs that the measuring program came back to before L2 gave them up are warm") {
    const auto kept = [](const std::string& shape, const std::string& cold) {
        const Text c(R"({"shape": )" + shape + R"(, "cold_l2": )" + cold + "}");
        return gemm(gemm_launches("gemm", "bf16_tn", c.at()).front()).a.l2_resident;
    };
    const std::string tiny = R"({"M": 192, "N": 192, "K": 544})", medium = R"({"M": 1280, "N": 80, "K": 976})";
    CHECK(kept(tiny, "false") == 1.0);  // 32 sets of 0.4 MB
    CHECK(kept(tiny, "true") == 0.0);
    CHECK(kept(medium, "false") > 0.0);  // 32 sets of 2.9 MB: more than L2 holds
    CHECK(kept(medium, "false") < 0.5);
}

TEST_CASE("impossible tiles and shapes are refused with their place") {
    const Text tile(R"({"shape": {"M": 256, "N": 512, "K": 1024},
        "tile": {"m": 0, "n": 64, "k": 64, "stages": 8, "cluster_m": 1, "cluster_n": 2}})");
    CHECK_THROWS_WITH(gemm_launches("gemm", "bf16_tn", tile.at()), Catch::Contains("/tile/m"));
    const Text shape(R"({"shape": {"M": -1, "N": 512, "K": 1024}})");
    CHECK_THROWS_WITH(gemm_launches("gemm", "bf16_tn", shape.at()), Catch::Contains("/shape/M"));
    const Text carve(R"({"shape": {"M": 1, "N": 512, "K": 1024}, "carve": 132})");
    CHECK_THROWS_WITH(gemm_launches("gemm", "bf16_tn", carve.at()), Catch::Contains("/carve"));
}

TEST_CASE("latent attention's products are one group per request") {
    const Text c(R"({"shape": {"B": 4, "H": 128, "L": 1024},
        "tile": {"m": 256, "n": 128, "k": 64, "stages": 4, "cluster_m": 2, "cluster_n": 1}})");
    const GemmDesc qk = gemm(gemm_launches("mla_qk", "", c.at()).front());
    CHECK(qk.group_sizes == std::vector<std::int64_t>(4, 1024));
    CHECK(qk.k == 576);
    CHECK(qk.tiling->bm == 256);
    const GemmDesc pv = gemm(gemm_launches("mla_pv", "", c.at()).front());
    CHECK(pv.group_sizes == std::vector<std::int64_t>(4, 512));
    CHECK(pv.k == 1024);
    CHECK_NOTHROW(validate(KernelDesc(pv)));
}

namespace {

std::string cfg(int bm = 128) {
    return R"("sms": 112, "cfg": {"block_m": )" + std::to_string(bm) +
           R"(, "block_n": 192, "block_k": 128, "cluster_m": 2, "cluster_n": 1, "num_stages": 4}})";
}

}  // namespace

TEST_CASE("DeepGEMM rows: dense, grouped by rows, masked, grouped along k") {
    const auto row = [](const std::string& members) {
        return deepgemm_launches(Text("{" + members + ", " + cfg()).at()).front();
    };
    const Launch dense = row(R"("kind": "fp8", "m": 512, "n": 1024, "k": 2048)");
    CHECK(dense.sms == 112);
    CHECK(gemm(dense).tiling->bn == 192);
    const GemmDesc listed = gemm(row(R"("kind": "mgc", "ms": [128, 0, 256], "n": 1024, "k": 2048)"));
    CHECK(listed.form == GemmForm::grouped_m);
    CHECK(listed.m == 384);
    CHECK(listed.b.rows == 3 * 1024);
    const GemmDesc masked = gemm(row(R"("kind": "mgm", "groups": 4, "m": 512, "n": 1024, "k": 2048)"));
    CHECK(masked.form == GemmForm::masked_m);
    CHECK(masked.m == 4 * 512);
    const GemmDesc wgrad = gemm(row(R"("kind": "kg", "groups": 4, "kpg": 512, "m": 256, "n": 1024)"));
    CHECK(wgrad.k == 4 * 512);
    CHECK(wgrad.d.rows == 4 * 256);
    CHECK(wgrad.accumulate);
    for (const GemmDesc& g : {listed, masked, wgrad}) { CHECK_NOTHROW(validate(KernelDesc(g))); }
    CHECK_THROWS_AS(row(R"("kind": "fp6", "m": 512, "n": 1024, "k": 2048)"), ModelError);
    CHECK_THROWS_AS(row(R"("kind": "mgc", "ms": [], "n": 1024, "k": 2048)"), ConfigError);
    CHECK_THROWS_WITH(deepgemm_launches(Text(R"({"kind": "fp8", "m": 512, "n": 1024, "k": 2048, )" + cfg(4096)).at()),
                      Catch::Contains("/cfg/block_m"));
}
