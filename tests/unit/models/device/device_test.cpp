// covers: device.cpp gpu.cpp
#include "models/device/device.hpp"

#include "sim/base/error.hpp"
#include "tests/support/gemm.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

GemmDesc small_gemm() {
    GemmDesc g = fp8_gemm(512, 512, 1024);
    g.tiling = tile(128, 128, 128);
    return g;
}

}  // namespace

TEST_CASE("a kernel is simulated once and remembered") {
    DeviceTimer timer(round_system());
    const KernelResult first = timer.time(small_gemm(), {});
    const KernelResult again = timer.time(small_gemm(), {});
    CHECK(first.time == again.time);
    CHECK(timer.counters().simulated == 1);
    CHECK(timer.counters().remembered == 1);
    KernelContext fewer;
    fewer.sms = 2;
    CHECK(timer.time(small_gemm(), fewer).time > first.time);
    CHECK(timer.counters().simulated == 2);
}

TEST_CASE("the answer does not depend on what ran before or on another device in between") {
    DeviceTimer fresh(round_system());
    const KernelResult alone = fresh.time(small_gemm(), {});
    DeviceTimer used(round_system());
    used.time(fp8_gemm(256, 256, 256), {});
    DeviceTimer other(round_system());
    other.time(fp8_gemm(128, 128, 128), {});  // evicts `used`
    const KernelResult later = used.time(small_gemm(), {});
    CHECK(later.time == alone.time);
    CHECK(later.traffic.hbm_read == alone.traffic.hbm_read);
    CHECK(later.energy.total() == alone.energy.total());
}

TEST_CASE("shares add up to the time, launch and drain included") {
    DeviceTimer timer(round_system());
    const KernelResult r = timer.time(small_gemm(), {});
    Time sum{};
    for (const TimeShare& s : r.shares) { sum += s.time; }
    CHECK(std::abs((sum - r.time).raw()) < 10);
    CHECK(r.shares.front().time == nanoseconds(1500));
    CHECK(r.tensor_busy < r.time);
    CHECK(r.clock_bound > 0);
    CHECK(r.clock_bound < 1);
    CHECK(r.energy.total().raw() > 0);
}

TEST_CASE("more SMs, a faster clock, more bandwidth: never slower") {
    const auto timed = [](const SystemConfig& c, int sms, double mhz) {
        DeviceTimer timer(c);
        KernelContext context;
        context.sms = sms;
        context.sm_clock = megahertz(mhz);
        return timer.time(small_gemm(), context).time;
    };
    // Another order of arrival may cost a queue a few ns: half a percent is allowed.
    const auto no_slower = [](Time a, Time b) { return a <= b * 1.005; };
    SystemConfig c = round_system();
    c.hbm.peak = gb_per_second(400);
    CHECK(timed(c, 2, 1000) <= timed(c, 1, 1000));
    CHECK(timed(c, 4, 1000) <= timed(c, 2, 1000));
    CHECK(no_slower(timed(c, 4, 1500), timed(c, 4, 1000)));
    SystemConfig wide = c;
    wide.hbm.peak = c.hbm.peak * 4.0;
    CHECK(no_slower(timed(wide, 4, 1000), timed(c, 4, 1000)));
    wide = c;
    wide.l2.bandwidth = c.l2.bandwidth * 4.0;
    wide.l2.sm_port_read = c.l2.sm_port_read * 4.0;
    CHECK(no_slower(timed(wide, 4, 1000), timed(c, 4, 1000)));
}

TEST_CASE("impossible requests are refused and leave the device usable") {
    DeviceTimer timer(round_system());
    KernelContext many;
    many.sms = 5;
    CHECK_THROWS_AS(timer.time(small_gemm(), many), ModelError);
    GemmDesc g = small_gemm();
    g.tiling = tile(512, 256, 128);
    CHECK_THROWS_AS(timer.time(g, {}), ModelError);
    g.m = -1;
    CHECK_THROWS_AS(timer.time(g, {}), ModelError);
    CHECK_THROWS_AS(timer.time(BarrierDesc{}, {}), ModelError);  // no fabric
    CHECK(timer.time(small_gemm(), {}).time > Time::zero());
}

TEST_CASE("a recorded kernel answers with its recorded duration") {
    DeviceTimer timer(round_system());
    RecordedDesc r;
    r.duration = microseconds(7);
    CHECK(timer.time(r, {}).time == microseconds(7));
    CHECK(timer.counters().simulated == 0);
}

TEST_CASE("a system that cannot be built is refused when it is first needed") {
    SystemConfig c = round_system();
    c.hbm.stacks = 0;
    DeviceTimer timer(c);
    CHECK_THROWS_AS(timer.time(small_gemm(), {}), ModelError);
}
