#include "sim/app/kernel_book.hpp"

#include "models/power/power_cap.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;

namespace {

std::vector<KernelDesc> sample_kernels() {
    GemmDesc gemm;
    gemm.m = 4096;
    gemm.n = 1536;
    gemm.k = 7168;
    gemm.scale = ScaleMode::block_1x128_128x128;
    gemm.promotion_interval = 128;
    gemm.a = {"a", DType::fp8_e4m3, gemm.m, gemm.k};
    gemm.b = {"b", DType::fp8_e4m3, gemm.n, gemm.k};
    gemm.d = {"d", DType::bf16, gemm.m, gemm.n};
    StreamDesc copy;
    copy.kind = StreamKind::copy;
    copy.rows = 4096;
    copy.cols = 7168;
    copy.reads = {{"x", DType::bf16, copy.rows, copy.cols}};
    copy.writes = {{"y", DType::bf16, copy.rows, copy.cols}};
    copy.load_bytes_in_flight = bytes(64);
    copy.tile_rows = 4;
    return {gemm, copy};
}

}  // namespace

// The fast way simulates at one clock and restates; the exact way simulates at the clock itself.
TEST_CASE("times restated from another clock agree with simulated ones") {
    const SystemConfig system = load_system(find_config("systems", "h800"));
    TimerPool pool(simulated_devices());
    const PowerCap clocks(system.power);
    KernelBook exact(pool.view(system), false), restated(pool.view(system), false);
    exact.set_clock(megahertz(1440));
    restated.set_clock(megahertz(1440), megahertz(1537), &clocks);
    for (const KernelDesc& k : sample_kernels()) {
        INFO(kind_name(k));
        const KernelResult& a = exact.price(exact.add(k), 112);
        const KernelResult& b = restated.price(restated.add(k), 112);
        // At another clock requests meet memory channels in another order: 2 % of a kernel of 45 us.
        CHECK(to_seconds(b.time) == Approx(to_seconds(a.time)).epsilon(0.02));
        CHECK(b.energy.total().raw() == Approx(a.energy.total().raw()).epsilon(0.01));
        CHECK(b.traffic.hbm() == a.traffic.hbm());
    }
}

TEST_CASE("times between two partitions agree with simulated ones") {
    const SystemConfig system = load_system(find_config("systems", "h800"));
    TimerPool pool(simulated_devices());
    KernelBook exact(pool.view(system), false), between(pool.view(system), false, {112, 132});
    exact.set_clock(megahertz(1537));
    between.set_clock(megahertz(1537));
    const KernelDesc copy = sample_kernels()[1];
    const KernelResult& a = exact.price(exact.add(copy), 123);
    const KernelResult& b = between.price(between.add(copy), 123);
    CHECK(to_seconds(b.time) == Approx(to_seconds(a.time)).epsilon(0.03));
    CHECK(b.sms == 123);
    const Time fewer = exact.price(exact.add(copy), 112).time, all = exact.price(exact.add(copy), 132).time;
    CHECK(to_seconds(b.time) >= 0.999 * to_seconds(std::min(fewer, all)));
    CHECK(to_seconds(b.time) <= 1.001 * to_seconds(std::max(fewer, all)));
}
