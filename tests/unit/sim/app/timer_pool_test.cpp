// covers: sim/app/relevant_config.cpp
#include "sim/app/timer_pool.hpp"

#include "sim/app/kernel_book.hpp"
#include "sim/app/relevant_config.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

SystemConfig h800() { return load_system(find_config("systems", "h800")); }

StreamDesc cast(std::int64_t rows) {
    StreamDesc s;
    s.kind = StreamKind::per_token_cast;
    s.rows = rows;
    s.cols = 7168;
    Operand in, out;
    in.rows = out.rows = rows;
    in.cols = out.cols = 7168;
    out.dtype = DType::fp8_e4m3;
    s.reads = {in};
    s.writes = {out};
    return s;
}

KernelContext on(int sms) {
    KernelContext c;
    c.sms = sms;
    c.sm_clock = megahertz(1500);
    return c;
}

}  // namespace

TEST_CASE("a kernel that does not use a capability is simulated once for all systems that differ in it") {
    int calls = 0;
    TimerPool pool(rooflines(&calls));
    SystemConfig base = h800(), casting = base;
    casting.tma.cast = true;
    casting.tma.cast_throughput = bytes_per_cycle(64);
    TimerPool::View a = pool.view(base), b = pool.view(casting);
    const KernelDesc kernel = cast(4096);
    const std::uint64_t hash = kernel_hash(kernel);
    const Time first = a.time(kernel, hash, on(132)).time;
    CHECK(b.time(kernel, hash, on(132)).time == first);
    CHECK(calls == 1);
    CHECK(a.time(kernel, hash, on(112)).sms == 112);
    CHECK(calls == 2);
    SystemConfig slower = base;
    slower.hbm.peak = base.hbm.peak * 0.5;
    TimerPool::View c = pool.view(slower);
    CHECK(c.time(kernel, hash, on(132)).time > first);
    CHECK(calls == 3);
    CHECK(pool.simulated() == 3);
    CHECK(pool.remembered() == 1);
}

TEST_CASE("what a kernel uses follows from its description") {
    CHECK(capability_use(cast(128)) == uses_nothing);
    StreamDesc warp = cast(128);
    warp.warp_cast = true;
    CHECK(capability_use(warp) == uses_warp_cast);
    StreamDesc near = cast(128);
    near.reads[0].near_memory_ratio = 0.5;
    CHECK(capability_use(near) == uses_near_memory_cast);
    GemmDesc gemm;
    gemm.fused_cast_a = true;
    gemm.b_k_major = false;
    CHECK(capability_use(gemm) == (uses_tensor_core | uses_tma_cast | uses_transposed_read));
    CHECK(capability_use(ExchangeDesc{}) == all_capability_uses);
}

TEST_CASE("the relevant system keeps what is used and drops the rest") {
    SystemConfig system = h800();
    system.tma.cast = system.sm.cuda.warp_cast = system.hbm.near_memory_cast = true;
    system.sm.tensor.group_scaling = system.sm.tensor.fp8_transposed = true;
    system.coprocessor.present = true;
    CHECK(config_hash(relevant_config(system, all_capability_uses)) == config_hash(system));
    const SystemConfig none = relevant_config(system, uses_nothing);
    CHECK_FALSE(none.tma.cast);
    CHECK_FALSE(none.sm.cuda.warp_cast);
    CHECK_FALSE(none.hbm.near_memory_cast);
    CHECK_FALSE(none.sm.tensor.group_scaling);
    CHECK_FALSE(none.sm.tensor.fp8_transposed);
    CHECK_FALSE(none.coprocessor.present);
    CHECK(relevant_config(system, uses_tma_cast).tma.cast);
    CHECK(none.hbm.peak == system.hbm.peak);
}

TEST_CASE("kernels that hash alike share an index and blends lie between their ends") {
    TimerPool pool(rooflines());
    KernelBook book(pool.view(h800()), false);
    book.set_clock(megahertz(1500));
    const int small = book.add(cast(8192)), large = book.add(cast(16384));
    CHECK(book.add(cast(8192)) == small);
    CHECK(book.blend(small, large, 0.0) == small);
    CHECK(book.blend(small, large, 1.0) == large);
    const int middle = book.blend(small, large, 0.25);
    CHECK(book.blend(small, large, 0.25) == middle);
    const KernelResult& a = book.price(small, 112);
    const KernelResult& b = book.price(large, 112);
    const KernelResult& m = book.price(middle, 112);
    CHECK(to_seconds(m.time) == Approx(0.75 * to_seconds(a.time) + 0.25 * to_seconds(b.time)));
    CHECK(to_double(m.traffic.hbm_read) ==
          Approx(0.75 * to_double(a.traffic.hbm_read) + 0.25 * to_double(b.traffic.hbm_read)));
    // Linear in the rows: a kernel simulated at the rows in between takes the same.
    CHECK(to_seconds(m.time) == Approx(to_seconds(book.price(book.add(cast(10240)), 112).time)));
    const Time slow = m.time;
    book.set_clock(megahertz(750));
    CHECK(book.price(middle, 112).time >= slow);
}

namespace {

GemmDesc fp8_gemm(ScaleMode scale) {
    GemmDesc g;
    g.m = 4096;
    g.n = 4096;
    g.k = 2048;
    g.scale = scale;
    g.a.rows = g.m;
    g.a.cols = g.k;
    g.b.rows = g.n;
    g.b.cols = g.k;
    g.d.rows = g.m;
    g.d.cols = g.n;
    g.a.dtype = g.b.dtype = DType::fp8_e4m3;
    g.promotion_interval = 128;
    return g;
}

}  // namespace

TEST_CASE("wider accumulators cost energy and no new simulation, to the same bits") {
    const SystemConfig today = h800();
    SystemConfig wide = today;
    wide.sm.tensor.accumulator_fraction_bits = 34;
    wide.power.wide_accumulate_energy = 1.3;
    const KernelDesc kernel = fp8_gemm(ScaleMode::block_1x128_128x128);
    TimerPool pool(simulated_devices());
    const KernelResult before = pool.view(today).time(kernel, kernel_hash(kernel), on(132));
    TimerPool::View view = pool.view(wide);
    const KernelResult after = view.time(kernel, kernel_hash(kernel), on(132));
    CHECK(pool.simulated() == 1);
    const KernelResult simulated = simulated_devices()(wide)->time(kernel, on(132));
    CHECK(after.time == simulated.time);
    CHECK(after.energy.total().raw() == simulated.energy.total().raw());
    CHECK(after.energy.tensor.raw() == Approx(1.3 * before.energy.tensor.raw()));
}

TEST_CASE("only block-scaled FP8 kernels depend on group scales") {
    const GemmDesc blocks = fp8_gemm(ScaleMode::block_1x128_128x128), plain = fp8_gemm(ScaleMode::tensor_promoted);
    CHECK(capability_use(blocks) == (uses_tensor_core | uses_group_scales));
    CHECK(capability_use(plain) == uses_tensor_core);
    GemmDesc bf16 = plain;
    bf16.a.dtype = bf16.b.dtype = DType::bf16;
    bf16.scale = ScaleMode::none;
    bf16.b_k_major = false;
    CHECK(capability_use(bf16) == uses_tensor_core);
    SystemConfig grouped = h800();
    grouped.sm.tensor.group_scaling = true;
    TimerPool pool(simulated_devices());
    const Time today = pool.view(h800()).time(plain, kernel_hash(plain), on(132)).time;
    CHECK(pool.view(grouped).time(plain, kernel_hash(plain), on(132)).time == today);
    CHECK(pool.simulated() == 1);
    CHECK(simulated_devices()(grouped)->time(plain, on(132)).time == today);  // nothing was lost
}
