#include "models/tensor_core/mma_timing.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

namespace {

MmaShape shape(std::int64_t n, std::int64_t k = 32, DType t = DType::fp8_e4m3) {
    MmaShape s;
    s.m = 64;
    s.n = n;
    s.k = k;
    s.dtype = t;
    return s;
}

double cycles_of(const MmaShape& s, const SystemConfig& c) { return mma_cycles(s, c.sm.tensor, c.sm.smem); }

}  // namespace

TEST_CASE("m64nNk32 takes max(N/2, 16 + N/4) cycles") {
    const SystemConfig c = round_system();  // 4096 MACs per clock, 128 B/clk
    // Measured on an H200 (micro E.wgmma_throughput): 18.0, 20.0, 24.0, 32.0, 48.0, 64.1, 96.0, 128.1.
    for (const auto& [n, expected] :
         {std::pair<int, double>{8, 18}, {16, 20}, {32, 24}, {64, 32}, {96, 48}, {128, 64}, {192, 96}, {256, 128}}) {
        CHECK(cycles_of(shape(n), c) == Approx(expected));
    }
}

TEST_CASE("BF16 runs at its own rate and rows come in slices of 64") {
    const SystemConfig c = round_system();
    CHECK(cycles_of(shape(128, 64, DType::bf16), c) == Approx(64.0 * 128 * 64 / 2048));
    MmaShape tall = shape(128);
    tall.m = 65;
    CHECK(cycles_of(tall, c) == Approx(2 * 64));
}

TEST_CASE("group scales need the capability and cost rate and shared-memory bytes") {
    SystemConfig c = round_system();
    MmaShape s = shape(128, 128);
    s.group_scaled = true;
    CHECK_THROWS_AS(cycles_of(s, c), ModelError);
    c.sm.tensor.group_scaling = true;
    c.sm.tensor.group_scaling_rate = 0.5;
    CHECK(cycles_of(s, c) == Approx(2 * 256));
    CHECK(mma_smem_bytes(s, c.sm.tensor) == Approx((64 + 128) * 128 + (64 + 128) * 4));
}

TEST_CASE("a transposed FP8 operand needs the capability and its slower fetch may limit") {
    SystemConfig c = round_system();
    MmaShape s = shape(128);
    s.transposed_b = true;
    CHECK_THROWS_AS(cycles_of(s, c), ModelError);
    c.sm.tensor.fp8_transposed = true;
    CHECK(cycles_of(s, c) == Approx(64));  // fetch 16 + 32 = 48 cycles, hidden
    c.sm.smem.transposed_read_rate = 0.25;
    CHECK(cycles_of(s, c) == Approx(16 + 128));  // B at a quarter of the rate
    MmaShape bf16 = shape(128, 16, DType::bf16);
    bf16.transposed_b = true;
    CHECK(cycles_of(bf16, c) == Approx(64));  // BF16 is read either way at full rate
}

TEST_CASE("the wide accumulator slows every product by its rate") {
    SystemConfig c = round_system();
    c.sm.tensor.wide_accumulate_rate = 0.8;
    CHECK(cycles_of(shape(128), c) == Approx(80));
}

TEST_CASE("types without Tensor Core support are refused") {
    CHECK_THROWS_AS(cycles_of(shape(128, 32, DType::fp32), round_system()), ModelError);
}

TEST_CASE("A from registers spares its fetch, and no two wgmmas are closer than the interval") {
    SystemConfig c = round_system();
    c.sm.tensor.wgmma_interval = cycles(13);
    // H200 micro E.wgmma_throughput, A from registers: 13.0, 13.0, 16.0, 32.0, 128.1.
    for (const auto& [n, expected] : {std::pair<int, double>{8, 13}, {16, 13}, {32, 16}, {64, 32}, {256, 128}}) {
        MmaShape s = shape(n);
        s.a_in_registers = true;
        CHECK(cycles_of(s, c) == Approx(expected));
        CHECK(mma_smem_bytes(s, c.sm.tensor) == Approx(n * 32.0));
    }
    CHECK(cycles_of(shape(8, 128), c) == Approx(4 * 18));
    const WgmmaCycles one = wgmma_cycles(shape(8, 128), c.sm.tensor, c.sm.smem);
    CHECK(one.multiply == Approx(4));
    CHECK(one.interval == Approx(18));
}
