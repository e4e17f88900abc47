// covers: models/device/collective.cpp models/device/engine_legs.cpp
#include "models/device/fabric.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace tessera;

namespace {

SystemConfig h800() { return load_system(find_config("systems", "h800")); }

// DeepSeek-V3 training: 4096 tokens over 8 nodes of 8 GPUs, 4 nodes per token.
ExchangeDesc training(ExchangeKind kind) {
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = 4096;
    e.ranks_per_token = 7.36;
    e.nodes_per_token = 3.9;
    e.unique_tokens = 30147;
    e.bytes_per_token = bytes(kind == ExchangeKind::combine ? 14336 : 7392);
    e.ranks = 64;
    e.ranks_per_node = 8;
    e.sms = 20;
    e.reduce = kind == ExchangeKind::combine;
    return e;
}

Time time_on(const SystemConfig& system, const ExchangeDesc& e, double mhz = 1500) {
    KernelContext context;
    context.sm_clock = megahertz(mhz);
    return DeviceFabric(system).exchange(e, context).time;
}

void never_slower(const std::function<void(SystemConfig&, double)>& set, const ExchangeDesc& e) {
    Time last = Time::max();
    for (double scale : {0.05, 0.2, 0.5, 1.0, 1.5, 3.0, 10.0}) {
        SystemConfig system = h800();
        set(system, scale);
        const Time now = time_on(system, e);
        INFO("scale " << scale);
        CHECK(now <= last);
        last = now;
    }
}

SystemConfig with_engines(int engines, double gb_per_s) {
    SystemConfig system = h800();
    system.coprocessor.present = true;
    system.coprocessor.engines = engines;
    system.coprocessor.copy_throughput = system.coprocessor.reduce_throughput = gb_per_second(gb_per_s);
    system.coprocessor.start_latency = microseconds(1);
    system.coprocessor.queue_depth = 64;
    return system;
}

}  // namespace

TEST_CASE("with everything else free the NIC sets the time") {
    SystemConfig system = h800();
    system.nvlink.per_direction = gb_per_second(1e9);
    system.nvlink.per_sm = gb_per_second(1e9);
    system.nvlink.latency = system.nic.latency = system.hbm.latency = Time::zero();
    system.l2.latency_near = system.l2.latency_far = cycles(0);
    system.l2.sm_port_read = bytes_per_cycle(1e9);
    system.sm.cuda.fp32_lanes = 1e12;
    system.launch.kernel_latency = system.launch.drain = Time::zero();
    const double remote = 4096 * 3.9 * 7 / 8 * 7392;  // bytes that leave the node
    const Time expected = seconds(remote / 40e9);
    CHECK(time_on(system, training(ExchangeKind::dispatch)) / expected == Approx(1).epsilon(1e-4));
}

TEST_CASE("more bandwidth of any leg is never slower") {
    for (ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        const ExchangeDesc e = training(kind);
        never_slower([](SystemConfig& s, double x) { s.nic.per_gpu = s.nic.per_gpu * x; }, e);
        never_slower([](SystemConfig& s, double x) { s.nvlink.per_direction = s.nvlink.per_direction * x; }, e);
        never_slower([](SystemConfig& s, double x) { s.nvlink.per_sm = s.nvlink.per_sm * x; }, e);
        never_slower([](SystemConfig& s, double x) { s.hbm.latency = s.hbm.latency / x; }, e);
        never_slower([](SystemConfig& s, double x) { s.nvlink.latency = s.nvlink.latency / x; }, e);
    }
}

TEST_CASE("more SMs, a higher clock and more engines are never slower") {
    for (ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        ExchangeDesc e = training(kind);
        Time last = Time::max();
        for (int sms : {2, 4, 8, 12, 20, 32, 64, 132}) {
            e.sms = sms;
            const Time now = time_on(h800(), e);
            INFO(sms << " SMs: " << to_microseconds(now) << " us, before " << to_microseconds(last));
            CHECK(now <= last);
            last = now;
        }
        e.sms = 20;
        last = Time::max();
        for (double mhz : {500., 1000., 1500., 1980.}) {
            const Time now = time_on(h800(), e, mhz);
            CHECK(now < last);
            last = now;
        }
        e.sms = 0;
        last = Time::max();
        for (int engines : {1, 2, 4, 8}) {
            const Time now = time_on(with_engines(engines, 20), e);
            CHECK(now <= last);
            last = now;
        }
    }
}

TEST_CASE("a starved co-processor loses to 20 SMs, an ample one does not") {
    for (ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        ExchangeDesc e = training(kind);
        const Time by_sms = time_on(h800(), e);
        e.sms = 0;
        CHECK(time_on(with_engines(1, 10), e) > by_sms * 2);
        CHECK(time_on(with_engines(8, 200), e) <= by_sms);
    }
}

TEST_CASE("a unified fabric takes the forwarding hop and the extra copies away") {
    SystemConfig unified = h800();
    unified.nvlink.switch_multicast = unified.nvlink.switch_reduce = true;
    unified.nic.in_network_reduce = unified.nic.direct_forward = true;
    KernelContext context;
    context.sm_clock = megahertz(1500);
    for (ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        ExchangeDesc e = training(kind);
        const KernelResult before = DeviceFabric(h800()).exchange(e, context);
        const KernelResult after = DeviceFabric(unified).exchange(e, context);
        CHECK(after.time <= before.time);
        CHECK(after.traffic.hbm() < before.traffic.hbm());
        CHECK(after.traffic.nvlink_out + after.traffic.nvlink_in <
              before.traffic.nvlink_out + before.traffic.nvlink_in);
        e.sms = 0;  // such a fabric needs nobody to drive it
        CHECK(DeviceFabric(unified).exchange(e, context).time <= before.time);
    }
}

TEST_CASE("bytes on the links are the rows that cross them, and the shares add up") {
    KernelContext context;
    const KernelResult r = DeviceFabric(h800()).exchange(training(ExchangeKind::dispatch), context);
    CHECK(to_double(r.traffic.nic_out) == Approx(4096 * 3.9 * 7 / 8 * 7392).epsilon(1e-6));
    CHECK(r.traffic.nic_in == r.traffic.nic_out);
    CHECK(to_double(r.traffic.nvlink_in) == Approx(30147.0 * 7 / 8 * 7392).epsilon(1e-3));
    CHECK(r.traffic.hbm_write >= r.traffic.nic_in + r.traffic.nvlink_in);
    CHECK(r.energy.total() > Energy::zero());
    Time sum;
    for (const TimeShare& s : r.shares) { sum += s.time; }
    CHECK(sum == r.time);
    CHECK(r.clock_bound >= 0);
    CHECK(r.clock_bound <= 1);
}

TEST_CASE("what cannot be driven, or does not fit, is refused") {
    DeviceFabric fabric(h800());
    ExchangeDesc e = training(ExchangeKind::dispatch);
    e.sms = 0;
    CHECK_THROWS_WITH(fabric.exchange(e, {}), Catch::Contains("nothing can drive a dispatch"));
    e.sms = 133;
    CHECK_THROWS_WITH(fabric.exchange(e, {}), Catch::Contains("133 communication SMs"));
    e.sms = 1;
    CHECK_THROWS_AS(fabric.exchange(e, {}), ModelError);
    e = training(ExchangeKind::dispatch);
    e.ranks = 60;
    CHECK_THROWS_AS(fabric.exchange(e, {}), ModelError);
    SystemConfig dead = h800();
    dead.nic.per_gpu = Bandwidth::zero();
    CHECK_THROWS_AS(DeviceFabric(dead), ModelError);
}

TEST_CASE("a barrier takes its round trips and no SM work") {
    SystemConfig system = h800();
    BarrierDesc b;
    b.ranks = 64;
    b.sms = 20;
    DeviceFabric fabric(system);
    const Time expected = 2.0 * (2.0 * system.nvlink.latency + 2.0 * system.nic.latency) + system.launch.drain +
                          system.launch.kernel_latency;
    CHECK(fabric.barrier(b, {}).time == expected);
    b.ranks = 8;
    CHECK(fabric.barrier(b, {}).time < expected);
    b.ranks = 0;
    CHECK_THROWS_AS(fabric.barrier(b, {}), ModelError);
}

TEST_CASE("ring collectives and transfers need no SMs unless they add") {
    SystemConfig system = h800();
    DeviceFabric fabric(system);
    ExchangeDesc e;
    e.kind = ExchangeKind::send;
    e.tokens = 4096;
    e.bytes_per_token = bytes(14336);
    e.ranks = 16;
    const Time sent = fabric.exchange(e, {}).time;
    CHECK(sent > bytes(4096 * 14336) / (system.nic.per_gpu * system.nic.efficiency));
    e.kind = ExchangeKind::all_reduce;
    CHECK_THROWS_WITH(fabric.exchange(e, {}), Catch::Contains("nothing can reduce"));
    e.sms = 20;
    CHECK(fabric.exchange(e, {}).traffic.nvlink_out == bytes(4096 * 14336) * (2 * 7.0 / 8));
}
