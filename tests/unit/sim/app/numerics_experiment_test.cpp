// covers: numerics_timing.cpp
#include "sim/app/numerics_experiment.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

NumericsProblem small(numerics::Distribution d = numerics::Distribution::normal) {
    NumericsProblem p;
    p.m = 128;
    p.n = 128;
    p.k = 1024;
    p.data = d;
    return p;
}

NumericsSwitch inside() {
    NumericsSwitch s;
    s.scale_inside = true;
    s.promotion = 0;
    return s;
}

}  // namespace

TEST_CASE("quantization dominates the whole error, the arithmetic adds to it, and a bench forgets nothing") {
    NumericsBench bench;
    const NumericsOutcome a = bench.run(small(), NumericsSwitch{});
    CHECK(a.mma.align_bits == 13);
    // E4M3 rounds to 1/16 at most, about 1/16/sqrt(12)*1.3 rms per operand; two operands.
    CHECK(a.whole.relative_frobenius == Approx(0.037).epsilon(0.15));
    CHECK(a.arithmetic.relative_frobenius < 0.001);
    CHECK(a.arithmetic.relative_frobenius > 1e-6);
    bench.run(small(numerics::Distribution::outlier), inside());
    const NumericsOutcome again = bench.run(small(), NumericsSwitch{});
    CHECK(again.arithmetic.relative_frobenius == a.arithmetic.relative_frobenius);
    CHECK(NumericsBench().run(small(), NumericsSwitch{}).whole.max_relative == a.whole.max_relative);
}

TEST_CASE("more bits, and scales inside with more bits, are more accurate") {
    NumericsBench bench;
    NumericsSwitch s = inside();
    const double narrow = bench.run(small(), s).arithmetic.relative_frobenius;
    s.accumulator_bits = 25;
    const double wide = bench.run(small(), s).arithmetic.relative_frobenius;
    CHECK(wide < narrow / 100);
}

TEST_CASE("mistakes of the experiment are the user's") {
    NumericsBench bench;
    NumericsSwitch s;
    s.architecture = "fermi";
    CHECK_THROWS_AS(bench.run(small(), s), ConfigError);
    s = {};
    s.a_group = "1x100";
    CHECK_THROWS_AS(bench.run(small(), s), ConfigError);
    s = {};
    s.promotion = 0;  // but scales change every 128
    CHECK_THROWS_AS(bench.run(small(), s), ConfigError);
    s = {};
    s.format = numerics::Format::e2m1;
    CHECK_THROWS_AS(bench.run(small(), s), ConfigError);
    CHECK_NOTHROW(bench.run(small(), NumericsSwitch{}));  // after failures, nothing stale is left
}

TEST_CASE("the same switch changes kernel and hardware of the timed GEMM") {
    const SystemConfig h800 = load_system(find_config("systems", "h800"));
    const TimedGemm plain = timed_gemm(small(), NumericsSwitch{}, h800);
    CHECK(plain.kernel.scale == ScaleMode::block_1x128_128x128);
    CHECK(plain.kernel.promotion_interval == 128);
    CHECK_FALSE(plain.system.sm.tensor.group_scaling);
    CHECK(plain.kernel.scales[0].rows * plain.kernel.scales[0].cols == 128 * 8);
    NumericsSwitch s = inside();
    s.accumulator_bits = 34;
    s.scale = numerics::ScaleFormat::ue8m0;
    s.a_group = s.b_group = "1x32";
    const TimedGemm proposed = timed_gemm(small(), s, h800);
    CHECK(proposed.system.sm.tensor.group_scaling);
    CHECK(proposed.system.sm.tensor.accumulator_fraction_bits == 34);
    CHECK(proposed.system.sm.tensor.group_size == 32);
    CHECK(proposed.system.sm.tensor.scale_bits == 8);
    CHECK(proposed.kernel.scale == ScaleMode::block_1x128_1x128);
    CHECK(proposed.kernel.promotion_interval == 0);
    s = {};
    s.a_group = s.b_group = "none";
    CHECK(timed_gemm(small(), s, h800).kernel.scale == ScaleMode::tensor_promoted);
    s.promotion = 0;
    CHECK(timed_gemm(small(), s, h800).kernel.scale == ScaleMode::none);
    s.format = numerics::Format::fp16;
    CHECK_THROWS_AS(timed_gemm(small(), s, h800), ModelError);
    s.format = numerics::Format::e4m3;
    s.architecture = "ada";
    CHECK_THROWS_AS(timed_gemm(small(), s, h800), ModelError);
}

TEST_CASE("promotion takes time that its accuracy costs") {
    const SystemConfig h800 = load_system(find_config("systems", "h800"));
    NumericsProblem p;
    p.m = p.n = 1024;
    NumericsSwitch s;
    s.a_group = s.b_group = "none";
    s.promotion = 128;
    const KernelResult promoted = time_gemm(timed_gemm(p, s, h800));
    s.promotion = 0;
    const KernelResult never = time_gemm(timed_gemm(p, s, h800));
    CHECK(never.time < promoted.time);
    CHECK(never.energy.total() < promoted.energy.total());
}
