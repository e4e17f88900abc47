#include "sim/app/measured/streams.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

Profiled launch(std::int64_t gx, std::int64_t gy, int threads) {
    Profiled p;
    p.gx = gx;
    p.gy = gy;
    p.threads = threads;
    return p;
}

}  // namespace

TEST_CASE("the grid gives the tile of each thread block") {
    const Text shape(R"({"T": 4096, "W": 7168})");
    const auto cast = stream_of_family("cast_1x128", "bf16/fp8", shape.at(), launch(56, 64, 256));
    REQUIRE(cast);
    CHECK(cast->tile_rows == 64);
    CHECK(cast->tile_cols == 128);
    CHECK(cast->threads == 256);
    CHECK(cast->load_bytes_in_flight == bytes(64));  // 64 x 128 BF16 over 256 threads
    const auto turned = stream_of_family("cast_128x1_transpose", "bf16/fp8", shape.at(), launch(112, 32, 256));
    CHECK(turned->tile_cols == 64);
    CHECK(turned->smem_bytes_per_element > cast->smem_bytes_per_element);
    CHECK(turned->registers == 48);  // 32 values a thread
    const auto norm = stream_of_family("rmsnorm", "bf16/fp8", shape.at(), launch(4096, 1, 256));
    CHECK(norm->tile_rows == 1);
}

TEST_CASE("row permutations count every copy once") {
    const Text shape(R"({"T": 512, "rows": 4096, "W": 7168})");
    const auto gather = stream_of_family("gather_rows", "bf16", shape.at(), launch(4096, 1, 256));
    CHECK(gather->rows == 4096);
    CHECK(gather->reads.front().rows == 512);
    const auto scatter = stream_of_family("scatter_rows", "bf16", shape.at(), launch(512, 1, 256));
    CHECK(scatter->rows == 512);
    CHECK(scatter->writes.front().rows == 4096);
    const auto combine = stream_of_family("combine_rows", "bf16", shape.at(), launch(7, 512, 128));
    CHECK(combine->rows == 512);
}

TEST_CASE("every family's usual launch fits its shape") {
    const Text op(
        R"({"shape": {"T": 4096, "W": 2048, "rows": 32768, "groups": 56, "n": 1048576, "H": 128, "E": 256}})");
    for (const char* family :
         {"cast_1x128", "cast_128x128", "cast_128x1_transpose", "requant_transpose", "swiglu_fwd_cast", "swiglu_bwd",
          "rmsnorm", "residual_add", "to_float32", "rope", "kv_pack", "kv_pack_bwd", "gather_rows", "gather_scales",
          "combine_rows", "router_topk_triton"}) {
        INFO(family);
        const auto d = stream_of_family(family, "bf16", op.at().at("shape"), usual_launch(family, op.at()));
        REQUIRE(d);
        CHECK_NOTHROW(validate(KernelDesc(*d)));
    }
}

TEST_CASE("unknown families, and grids larger than the shape") {
    const Text shape(R"({"T": 16, "W": 128})");
    CHECK_FALSE(stream_of_family("convolution", "bf16", shape.at(), launch(1, 1, 128)));
    CHECK_THROWS_AS(stream_of_family("cast_1x128", "bf16", shape.at(), launch(1, 64, 128)), ConfigError);
    CHECK_THROWS_AS(stream_of_family("gather_rows", "bf16", shape.at(), launch(1, 1, 128)), ConfigError);
}

TEST_CASE("the framework's softmax: a warp a row, a block a row held in registers, a block a row in three passes") {
    const auto of = [](const char* shape, std::int64_t blocks, int threads) {
        const Text text(shape);
        const auto d = stream_of_family("softmax_torch", "bf16", text.at(), launch(blocks, 1, threads));
        REQUIRE(d.has_value());
        CHECK_NOTHROW(validate(KernelDesc(*d)));
        return *d;
    };
    const StreamDesc warps = of(R"({"rows": 16384, "cols": 1024})", 4096, 128);
    CHECK(warps.tile_rows * warps.tile_cols == 4 * 1024);  // a block
    CHECK(warps.warp_cycles > 0);
    CHECK(warps.reads.size() == 1);
    const StreamDesc held = of(R"({"rows": 8192, "cols": 8192})", 8192, 1024);
    CHECK(held.reads.size() == 1);
    CHECK(held.sfu_per_element > warps.sfu_per_element);  // its exponentials twice
    CHECK(of(R"({"rows": 4096, "cols": 129280})", 4096, 1024).reads.size() == 3);
}
