// covers: gemm_program.cpp gemm_traffic.cpp gemm_report.cpp program_registry.cpp
#include "models/sm/gemm_program.hpp"

#include "models/sm/program_registry.hpp"
#include "sim/base/error.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/gemm.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

struct Outcome {
    Time time{};
    Bytes hbm_read{}, hbm_write{}, l2_read{}, l2_write{};
    ProgramReport report;
};

Outcome run(const SystemConfig& c, const GemmDesc& g, bool exact = true, int sms = 0) {
    Bench bench(c);
    bench.scope.exact = exact;
    if (sms > 0) { bench.scope.sms = sms; }
    GemmProgram program(g, bench.scope, bench.units());
    bench.run(program);
    REQUIRE(program.done());
    Outcome o;
    o.time = program.finish() - bench.scope.begin + program.skipped();
    o.hbm_read = bench.hbm().stats().read_pins;
    o.hbm_write = bench.hbm().stats().write_pins;
    o.l2_read = bench.l2().stats().read;
    o.l2_write = bench.l2().stats().write;
    o.report = program.report(UnitUse{});
    return o;
}

GemmDesc warm(GemmDesc g) {
    g.a.l2_resident = g.b.l2_resident = 1.0;
    return g;
}

}  // namespace

TEST_CASE("one tile takes prologue, first load, k-blocks, epilogue and store") {
    SystemConfig c = round_system();
    GemmDesc g = warm(fp8_gemm(64, 128, 256));
    g.tiling = tile(64, 128, 128, ConsumerStyle::single);
    // Cycles of 1 ns. Prologue: 200 (parameters from L2) + 57 (first use of a tensor map) + 47 (barrier).
    const double prologue = 304;
    // First stage: A 8448 B with scales behind 2 descriptors, B 16384 B behind A's in the TMA's queue (20 cycles)
    // and at the SM's port: (8448 + 16384) / 64 = 388 from the prologue on, then 200 to the SM, 100 of the TMA.
    const double first_load = 388 + 200 + 100;
    // Two k-blocks of 256 MMA + 10 drain + 128 promotion; the second one's data is there by then.
    const double kblocks = 2 * 394;
    // Epilogue: 10 drain, 4096 packed conversions at 64 per cycle, two instructions an element at 128 per cycle, 16384
    // B into shared memory at 128 B/clk.
    const double epilogue = 10 + 64 + 128 + 128;
    // Store: 512 cycles at the port's 32 B/clk; the flush of one SM's stores is as long as the drain that the device
    // adds.
    const double store = 512;
    const Outcome o = run(c, g);
    CHECK(to_nanoseconds(o.time) == Approx(prologue + first_load + kblocks + epilogue + store).epsilon(1e-6));
}

TEST_CASE("each tile's operands come through L2 and its output goes out once") {
    GemmDesc g = fp8_gemm(512, 512, 512);
    g.tiling = tile(128, 128, 128);
    const Outcome o = run(round_system(), g);
    // 16 tiles x 4 k-blocks x (A with scales + B); HBM sees every panel once: it all fits in L2.
    CHECK(o.l2_read == bytes(16 * 4 * (128 * 128 + 512 + 128 * 128)));
    CHECK(o.hbm_read == bytes(4 * 4 * (128 * 128 + 512) + 4 * 4 * 128 * 128));
    CHECK(o.l2_write == bytes(512 * 512 * 2));
    CHECK(o.hbm_write == bytes(512 * 512 * 2));
}

TEST_CASE("a cluster reads its shared operand once") {
    GemmDesc g = fp8_gemm(512, 512, 512);
    g.tiling = tile(128, 128, 128);
    const Bytes alone = run(round_system(), g).l2_read;
    g.tiling->cluster = 2;
    g.tiling->multicast_a = true;
    const Bytes shared = run(round_system(), g).l2_read;
    CHECK(alone - shared == bytes(8 * 4 * (128 * 128 + 512)));
}

TEST_CASE("boxes that reach outside the tensor hold up the L2: a k-block in part takes longer than a whole one") {
    SystemConfig c = round_system();
    c.l2.slices = 1;
    GemmDesc whole = warm(fp8_gemm(64, 128, 256)), part = warm(fp8_gemm(64, 128, 192));
    whole.tiling = part.tiling = tile(64, 128, 128, ConsumerStyle::single);
    CHECK(run(c, part).time > run(c, whole).time);
    c.l2.slices = 0;
    CHECK(run(c, part).time < run(c, whole).time);
}

TEST_CASE("a padded cluster's block beyond the edge loads its tile as well") {
    SystemConfig c = round_system();
    c.l2.slices = 1;
    GemmDesc g = warm(fp8_gemm(64, 128, 512));
    g.tiling = tile(64, 128, 128, ConsumerStyle::single);
    g.tiling->cluster = 2;
    const Time alone = run(c, g).time;
    g.tiling->padded = true;
    CHECK(run(c, g).time > alone);
}

TEST_CASE("accumulating reads the gradient first") {
    GemmDesc g = fp8_gemm(512, 512, 512);
    g.scale = ScaleMode::block_1x128_1x128;
    g.tiling = tile(128, 128, 128);
    g.d.dtype = DType::fp32;
    const Outcome plain = run(round_system(), g);
    g.accumulate = true;
    const Outcome sum = run(round_system(), g);
    CHECK(sum.hbm_read - plain.hbm_read == bytes(512 * 512 * 4));
    CHECK(sum.time > plain.time);
}

TEST_CASE("shares add up to the time, work to the flops") {
    GemmDesc g = fp8_gemm(1024, 1024, 1024);
    g.tiling = tile(128, 128, 128);
    const Outcome o = run(round_system(), g);
    Time sum{};
    for (const TimeShare& s : o.report.shares) { sum += s.time; }
    CHECK(std::abs((sum - o.time).raw()) < 10);
    CHECK(o.report.tensor_flops.raw() == Approx(2.0 * 1024 * 1024 * 1024));
    // 64 tiles x 8 k-blocks x 512 cycles over 4 SMs.
    CHECK(to_nanoseconds(o.report.tensor_busy) == Approx(64 * 8 * 512 / 4));
    CHECK(o.report.waves == 16);
}

TEST_CASE("the fast path stays within half a percent of the exact one") {
    for (const auto& [m, n, k] : {std::tuple<int, int, int>{4096, 2048, 512}, {2048, 8192, 256}, {8192, 1024, 1024}}) {
        GemmDesc g = fp8_gemm(m, n, k);
        g.tiling = tile(128, 128, 128);
        const Outcome exact = run(round_system(), g, true), fast = run(round_system(), g, false);
        CHECK(fast.time / exact.time == Approx(1.0).epsilon(0.005));
        CHECK(fast.l2_read == exact.l2_read);
        // Skipped waves touch L2 in whole panels, so a few evictions differ.
        CHECK(to_double(fast.hbm_read) == Approx(to_double(exact.hbm_read)).epsilon(0.1));
        CHECK(fast.hbm_write == exact.hbm_write);
    }
}

TEST_CASE("only valid rows of a masked group are computed") {
    GemmDesc g = fp8_gemm(192, 256, 512);
    g.form = GemmForm::masked_m;
    g.group_sizes = {64, 128};
    g.tiling = tile(64, 128, 128);
    CHECK(run(round_system(), g).l2_write == bytes(192 * 256 * 2));
}

TEST_CASE("a starved cast makes the fused GEMM slower than the plain one") {
    SystemConfig c = round_system();
    c.tma.cast = true;
    c.tma.cast_throughput = bytes_per_cycle(256);
    GemmDesc g = fp8_gemm(512, 512, 1024);
    g.tiling = tile(128, 128, 128);
    GemmDesc fused = g;
    fused.fused_cast_a = true;
    fused.a.dtype = DType::bf16;
    const Time plain = run(c, g).time;
    c.tma.cast_throughput = bytes_per_cycle(1);
    CHECK(run(c, fused).time > plain * 2.0);
}

TEST_CASE("a kernel without a program on the SMs is refused by kind") {
    Bench bench(round_system());
    CHECK_THROWS_AS(make_program(BarrierDesc{}, bench.scope, bench.units()), ModelError);
    const auto program = make_program(fp8_gemm(128, 128, 128), bench.scope, bench.units());
    CHECK(program->waiting().find("GEMM") != std::string::npos);
}

TEST_CASE("a tile that is stored in parts waits for its buffers: more parts and slower stores never help") {
    SystemConfig c = round_system();
    GemmDesc g = warm(fp8_gemm(256, 1024, 512));
    g.tiling = tile(256, 128, 128, ConsumerStyle::cooperative);
    g.tiling->epilogue_parts = 8;
    const Outcome parts = run(c, g);
    g.tiling->epilogue_parts = 32;
    CHECK(run(c, g).time >= parts.time);
    c.l2.sm_port_write = c.l2.sm_port_write / 2.0;
    CHECK(run(c, g).time > parts.time);
    CHECK(to_double(parts.l2_write) == Approx(256.0 * 1024 * 2));
}

TEST_CASE("ping-pong: the parts of a tile leave beside the other warpgroup's main loop") {
    SystemConfig c = round_system();
    c.l2.sm_port_read = c.l2.sm_port_read * 16.0;  // loads that never limit
    c.l2.bandwidth = c.l2.bandwidth * 16.0;
    c.tma.bandwidth = c.tma.bandwidth * 16.0;
    GemmDesc g = warm(fp8_gemm(64, 4 * 128, 4096));
    g.promotion_interval = 0;
    g.scale = ScaleMode::none;
    g.tiling = tile(64, 128, 128, ConsumerStyle::pingpong);
    g.tiling->epilogue_parts = 2;
    const Outcome hidden = run(c, g, true, 1);
    g.tiling->consumers = ConsumerStyle::single;
    // Each epilogue delays the next main loop.
    CHECK(to_nanoseconds(run(c, g, true, 1).time) > to_nanoseconds(hidden.time));
    CHECK(to_double(hidden.l2_write) == Approx(64.0 * 512 * 2));
    // Short main loops wait for the warpgroup whose tile still leaves.
    g.tiling->consumers = ConsumerStyle::pingpong;
    g.k = g.a.cols = g.b.cols = 128;
    const Time quick = run(c, g, true, 1).time;
    c.l2.sm_port_write = c.l2.sm_port_write / 8.0;
    const Outcome slow = run(c, g, true, 1);
    CHECK(slow.time > quick * 4.0);
    CHECK(to_double(slow.l2_write) == Approx(64.0 * 512 * 2));
}

TEST_CASE("the first tile alone waits for the factors of tensor-wise scales") {
    const SystemConfig c = round_system();
    const auto time_of = [&](DType in, std::int64_t tiles) {
        GemmDesc g = warm(fp8_gemm(64, tiles * 128, 256));
        g.promotion_interval = 0;
        g.scale = in == DType::fp8_e4m3 ? ScaleMode::none : ScaleMode::row;
        g.tiling = tile(64, 128, 128, ConsumerStyle::single);
        return run(c, g, true, 1).time;
    };
    const Time one = time_of(DType::fp8_e4m3, 1) - time_of(DType::bf16, 1);
    CHECK(one == nanoseconds(c.l2.latency_far.raw()));
    CHECK(time_of(DType::fp8_e4m3, 4) - time_of(DType::bf16, 4) <= one);
}

TEST_CASE("tensor maps that the SM writes itself delay the loads of every further group") {
    SystemConfig c = round_system();
    c.l2.latency_far = cycles(5000);  // longer than a tile
    GemmDesc g = warm(fp8_gemm(4 * 256, 128, 128));
    g.form = GemmForm::grouped_m;
    g.group_sizes = {256, 256, 256, 256};
    g.tiling = tile(256, 128, 128, ConsumerStyle::cooperative);
    const Time known = run(c, g, true, 1).time;
    g.tiling->group_descriptors = true;
    const Time written = run(c, g, true, 1).time;
    CHECK(written > known);
    CHECK(written - known <= nanoseconds(4 * 3 * 5000));
}
