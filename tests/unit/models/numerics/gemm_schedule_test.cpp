#include "models/numerics/gemm_schedule.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera::numerics;

namespace {

GemmOperand scaled(int rows, int k, int group_rows, int group_k) {
    GemmOperand o{Format::e4m3, rows, k, {}, {group_rows, group_k, k / group_k, {}}};
    o.scales.factors.assign(static_cast<std::size_t>(rows / group_rows * (k / group_k)), 0.5F);
    return o;
}

}  // namespace

TEST_CASE("block scales act at promotion, tensor scales at the end, inner scales in the instruction") {
    GemmNumerics g;
    g.mma = mma_spec("hopper", Format::e4m3);
    g.promotion = 128;
    const GemmSchedule block(scaled(64, 512, 1, 128), scaled(128, 512, 128, 128), g);
    CHECK(block.scaled_at_promotion());
    CHECK(block.interval == 128);
    CHECK_FALSE(block.a_at_end);
    const GemmSchedule tensor(scaled(64, 512, 64, 512), scaled(128, 512, 128, 512), g);
    CHECK(tensor.a_at_end);
    CHECK_FALSE(tensor.scaled_at_promotion());
    g.promotion = 0;
    g.split_k = 2;
    g.scale_inside = true;
    const GemmSchedule inside(scaled(64, 512, 1, 16), scaled(128, 512, 128, 128), g);
    CHECK(inside.group == 16);
    CHECK(inside.part_k == 256);
    CHECK(inside.interval == 256);
    CHECK_FALSE(inside.a_at_end);
}

TEST_CASE("a finished sum takes the scales that span k and the output format") {
    GemmNumerics g;
    g.mma = mma_spec("hopper", Format::e4m3);
    const GemmOperand a = scaled(64, 512, 64, 512), b = scaled(128, 512, 128, 512);
    const GemmSchedule s(a, b, g);
    CHECK(finished(8, s, a, b, Format::fp32, 0, 0) == 2);
    CHECK(finished(4 * 1.00390625F, s, a, b, Format::bf16, 0, 0) == 1);
    CHECK(float_bits(finished(NAN, s, a, b, Format::fp32, 0, 0)) == 0x7FFFFFFFU);
}
