// covers: models/device/collective.cpp models/device/engine_legs.cpp
#include "models/device/fabric.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"
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
    system.nvlink.order.store = system.l2.sm_port_write = bytes_per_cycle(1e9);
    system.nic.latency = system.hbm.latency = Time::zero();
    system.nvlink.order.flag = femtoseconds(1);
    system.nvlink.order.fence_sys = FenceConfig{};
    system.l2.latency_near = system.l2.latency_far = cycles(0);
    system.l2.sm_port_read = bytes_per_cycle(1e9);
    system.sm.cuda.fp32_lanes = 1e12;
    system.launch.kernel_latency = system.launch.drain = Time::zero();
    const double remote = 4096 * 3.9 * 7 / 8 * 7392;  // bytes that leave the node
    const Time expected = seconds(remote / 40e9);     // rows, as a CPU thread hands them to the card
    CHECK(time_on(system, training(ExchangeKind::dispatch)) / expected == Approx(1).epsilon(1e-4));
}

TEST_CASE("more bandwidth of any leg is never slower") {
    for (ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        const ExchangeDesc e = training(kind);
        never_slower([](SystemConfig& s, double x) { s.nic.per_gpu = s.nic.per_gpu * x; }, e);
        never_slower([](SystemConfig& s, double x) { s.nvlink.per_direction = s.nvlink.per_direction * x; }, e);
        never_slower([](SystemConfig& s, double x) { s.nvlink.order.store = s.nvlink.order.store * x; }, e);
        never_slower([](SystemConfig& s, double x) { s.hbm.latency = s.hbm.latency / x; }, e);
        never_slower([](SystemConfig& s, double x) { s.nvlink.order.flag = s.nvlink.order.flag / x; }, e);
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
    const Time expected = 2.0 * (2.0 * system.nvlink.order.flag + 2.0 * system.nic.latency) + system.launch.drain +
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
    CHECK(sent > bytes(4096 * 14336) / payload_rate(system.nic));
    e.kind = ExchangeKind::all_reduce;
    CHECK_THROWS_WITH(fabric.exchange(e, {}), Catch::Contains("nothing can reduce"));
    e.sms = 20;
    CHECK(fabric.exchange(e, {}).traffic.nvlink_out == bytes(4096 * 14336) * (2 * 7.0 / 8));
}

TEST_CASE("a low-latency exchange uses no relay, and one on copy loops feels a busy memory") {
    DeviceFabric fabric(h800());
    ExchangeDesc e = training(ExchangeKind::dispatch);
    const KernelResult normal = fabric.exchange(e, {});
    REQUIRE(normal.beside_hbm.size() == 9);
    CHECK(normal.beside_hbm.front() == 1);
    for (std::size_t k = 1; k < normal.beside_hbm.size(); ++k) {
        CHECK(normal.beside_hbm[k] >= normal.beside_hbm[k - 1]);
    }
    CHECK(normal.beside_hbm.back() > 1.1);
    e.low_latency = true;
    e.tokens = 128;
    e.ranks_per_token = 8;
    const KernelResult direct = fabric.exchange(e, {});
    CHECK(to_double(direct.traffic.nic_out) == Approx(128.0 * 8 * 63 / 64 * 7392));
    CHECK(direct.beside_hbm.empty());
    e.low_latency = false;
    e.busiest_relay = 0.5;
    CHECK_THROWS_AS(fabric.exchange(e, {}), ModelError);
}

TEST_CASE("engines that lack a capability move more bytes, and all of them need energy") {
    ExchangeDesc e = training(ExchangeKind::dispatch);
    e.sms = 0;
    SystemConfig able = with_engines(2, 50), plain = able;
    able.coprocessor.copy_pj_per_byte = 4;
    plain.coprocessor.multicast = plain.coprocessor.forwarding = false;
    plain.coprocessor.layout_rate = 0.5;
    CHECK(time_on(plain, e) > time_on(able, e));
    KernelContext context;
    context.sm_clock = megahertz(1500);
    const KernelResult r = DeviceFabric(able).exchange(e, context);
    CHECK(r.energy.engine > Energy::zero());
    CHECK(DeviceFabric(plain).exchange(e, context).energy.engine == Energy::zero());
}

TEST_CASE("the second release's kernels need fewer SMs") {
    ExchangeDesc e = training(ExchangeKind::dispatch);
    e.sms = 6;
    const Time v1 = time_on(h800(), e);
    e.bulk_copies = true;
    CHECK(time_on(h800(), e) < v1);
}
