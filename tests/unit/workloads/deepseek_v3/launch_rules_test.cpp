#include "workloads/deepseek_v3/launch_rules.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

SmConfig hopper() {
    SmConfig sm;
    sm.count = 132;
    return sm;
}

}  // namespace

TEST_CASE("launch rules: blocks per SM by registers, threads and block slots") {
    CHECK(blocks_per_sm(hopper(), 168, 128) == 3);
    CHECK(blocks_per_sm(hopper(), 65, 128) == 7);  // allocated as 72
    CHECK(blocks_per_sm(hopper(), 32, 1024) == 2);
    CHECK(blocks_per_sm(hopper(), 16, 32) == 32);
    CHECK(blocks_per_sm(hopper(), 255, 1024) == 1);
}

TEST_CASE("launch rules: grids of the norm kernels in the public trace") {
    CHECK(norm_kernel(hopper(), 4096, 7168, false).max_ctas == 396);
    CHECK(norm_kernel(hopper(), 4096, 1536, false).max_ctas == 396);
    CHECK(norm_kernel(hopper(), 4096, 512, false).max_ctas == 924);
    CHECK(norm_kernel(hopper(), 4096, 512, false).registers == 72);
    CHECK(norm_kernel(hopper(), 4096, 1536, false).registers == 152);
    CHECK(norm_kernel(hopper(), 4096, 7168, true).registers == 168);
    CHECK(norm_backward_kernel(hopper(), 4096, 7168, true).max_ctas == 132);
    CHECK(norm_backward_kernel(hopper(), 4096, 1536, false).max_ctas == 660);
    CHECK(norm_backward_kernel(hopper(), 4096, 512, false).max_ctas == 528);
}

TEST_CASE("launch rules: the training GEMM's tile") {
    const GemmTiling t = training_gemm_tiling();
    CHECK(t.bm == 128);
    CHECK(t.bn == 128);
    CHECK(t.bk == 128);
    CHECK(t.consumers == ConsumerStyle::cooperative);
}

TEST_CASE("launch rules: partial weight gradients are summed with four loads in flight") {
    const StreamDesc k = norm_finalize_kernel(132, 7168);
    CHECK(k.load_bytes_in_flight.raw() == 16);
    CHECK(k.reads[0].rows == 132);
    CHECK(k.writes[0].cols == 7168);
}
