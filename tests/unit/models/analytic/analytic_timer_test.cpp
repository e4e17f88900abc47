// covers: analytic_timer.cpp roofline.cpp
#include "models/analytic/analytic_timer.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::round_system;

namespace {

Operand operand(DType t, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.dtype = t;
    o.rows = rows;
    o.cols = cols;
    return o;
}

GemmDesc gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
    GemmDesc g;
    g.m = m;
    g.n = n;
    g.k = k;
    g.a = operand(DType::bf16, m, k);
    g.b = operand(DType::bf16, n, k);
    g.d = operand(DType::bf16, m, n);
    return g;
}

Time roof(const KernelDesc& k, Limiter limiter, const SystemConfig& system, int sms = 4) {
    for (const Roof& r : roofline(k, system, sms, megahertz(1000))) {
        if (r.limiter == limiter) { return r.time; }
    }
    return Time::zero();
}

}  // namespace

TEST_CASE("the tensor roof is MACs over MACs per clock", "[analytic]") {
    const GemmDesc g = gemm(1024, 1024, 1024);
    CHECK(to_nanoseconds(roof(g, Limiter::tensor_core, round_system())) == Approx(1024.0 * 1024 * 1024 / 2048 / 4));
}

TEST_CASE("a tiling makes whole waves", "[analytic]") {
    GemmDesc g = gemm(5 * 128, 128, 1024);  // five tiles on four SMs: one SM has two
    g.tiling = GemmTiling{};
    CHECK(to_nanoseconds(roof(g, Limiter::tensor_core, round_system())) == Approx(2.0 * 128 * 128 * 1024 / 2048));
}

TEST_CASE("the memory roof counts reads that L2 lacks and writes it cannot keep", "[analytic]") {
    StreamDesc d;
    d.rows = 8192;
    d.cols = 1024;
    d.reads = {operand(DType::u8, 8192, 1024)};   // 8 MiB
    d.writes = {operand(DType::u8, 6144, 1024)};  // 6 MiB into an L2 of 4
    const double mib_ns = 1024.0 * 1024 / 40;     // 40 B/ns
    CHECK(to_nanoseconds(roof(d, Limiter::hbm, round_system())) == Approx((8 + 2) * mib_ns));
    d.reads[0].l2_resident = 0.5;
    CHECK(to_nanoseconds(roof(d, Limiter::hbm, round_system())) == Approx((4 + 2) * mib_ns));
    d.reads[0].l2_resident = 0;
    d.reads[0].near_memory_ratio = 0.5;
    CHECK(to_nanoseconds(roof(d, Limiter::hbm, round_system())) == Approx((4 + 2) * mib_ns));
}

TEST_CASE("the arithmetic roof takes the slowest pipe of the busiest SM", "[analytic]") {
    StreamDesc d;
    d.rows = 5;
    d.cols = 1024;
    d.reads = {operand(DType::u8, 5, 1024)};
    d.writes = {operand(DType::u8, 5, 1024)};
    d.alu_per_element = 8;
    d.sfu_per_element = 2;
    // Two rows on one SM, 2 of 16 SFU lanes slower than 8 of 128.
    CHECK(to_nanoseconds(roof(d, Limiter::cuda_core, round_system())) == Approx(2.0 * 1024 * 2 / 16));
}

TEST_CASE("the L2 roof takes the slices or the ports", "[analytic]") {
    StreamDesc d;
    d.rows = 1;
    d.cols = 1 << 20;
    d.writes = {operand(DType::u8, 1, 1 << 20)};
    // One SM writes 32 B/clk; four together 128, as much as the slices take.
    CHECK(to_nanoseconds(roof(d, Limiter::l2, round_system(), 1)) == Approx((1 << 20) / 32.0));
    CHECK(to_nanoseconds(roof(d, Limiter::l2, round_system(), 4)) == Approx((1 << 20) / 128.0));
}

TEST_CASE("the timer adds launch and names the limiter", "[analytic]") {
    SystemConfig system = round_system();
    system.launch.kernel_latency = microseconds(2);
    system.launch.drain = microseconds(1);
    AnalyticTimer timer(system);
    const KernelResult big = timer.time(gemm(4096, 4096, 4096), {});
    CHECK(big.limiter == Limiter::tensor_core);
    CHECK(big.time == microseconds(3) + big.tensor_busy);
    Time sum{};
    for (const TimeShare& s : big.shares) { sum += s.time; }
    CHECK(sum == big.time);
    const KernelResult tiny = timer.time(stream_kernels::per_token_cast(1, 128), {});
    CHECK(tiny.limiter == Limiter::launch);
    CHECK(tiny.time == microseconds(3) + nanoseconds(200));  // one trip to L2
}

TEST_CASE("fewer SMs and a lower clock never make it faster", "[analytic]") {
    AnalyticTimer timer(round_system());
    KernelContext all, half, slow;
    half.sms = 2;
    slow.sm_clock = megahertz(500);
    const KernelDesc k = stream_kernels::swiglu_cast(256, 2048);
    CHECK(timer.time(k, half).time >= timer.time(k, all).time);
    CHECK(timer.time(k, slow).time >= timer.time(k, all).time);
}

TEST_CASE("exchanges are not the timer's business, recorded kernels keep their time", "[analytic]") {
    AnalyticTimer timer(round_system());
    CHECK_THROWS_AS(timer.time(BarrierDesc{}, {}), ModelError);
    RecordedDesc r;
    r.duration = microseconds(7);
    CHECK(timer.time(r, {}).time == microseconds(7));
    StreamDesc broken;
    CHECK_THROWS_AS(timer.time(broken, {}), ModelError);
}
