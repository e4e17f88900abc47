#include "models/device/fabric.hpp"

#include "models/device/collective.hpp"
#include "models/device/engine_legs.hpp"
#include "models/device/in_flight.hpp"
#include "models/device/low_latency.hpp"
#include "models/device/routed_exchange.hpp"
#include "models/device/sm_legs.hpp"
#include "models/nic/nic.hpp"
#include "models/nvlink/wire.hpp"
#include "models/power/energy.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tessera {

namespace {

// Pieces a collective is cut into so that its hops overlap; enough that filling the pipeline is small, as in NCCL.
constexpr double ring_chunks = 64;
constexpr double bytes_per_sum = 4;  // two BF16 inputs

bool is_routed(ExchangeKind kind) { return kind == ExchangeKind::dispatch || kind == ExchangeKind::combine; }

// Share of a time that scales with 1 / clock, from the time at a slightly higher clock.
template <class TimeAt>
double clock_bound(TimeAt time_at, Frequency clock) {
    constexpr double step = 1.01;
    const Time here = time_at(clock);
    if (here <= Time::zero()) { return 0; }
    return std::clamp((here - time_at(clock * step)) / here / (1 - 1 / step), 0.0, 1.0);
}

// Times relative to that alone while others use 0, 1/8, ... 8/8 of the HBM.
template <class TimeAt>
std::vector<double> slowed_by_load(TimeAt time_at) {
    constexpr int steps = 8;
    std::vector<double> slowed;
    const Time alone = time_at(0.0);
    for (int k = 0; k <= steps; ++k) {
        const double factor = time_at(static_cast<double>(k) / steps) / alone;
        slowed.push_back(std::max(slowed.empty() ? 1.0 : slowed.back(), factor));
    }
    return slowed;
}

// What sets the pace, what the other legs add, and the launch, so that the shares add up to `total`.
std::vector<TimeShare> shares_of(const std::vector<Leg>& legs, Time launch, Time total) {
    const Leg& pace = slowest(legs);
    const Time main = min(pace.busy, total - launch);
    return {{pace.label, main}, {"fill, drain and latency", total - launch - main}, {"launch", launch}};
}

}  // namespace

DeviceFabric::DeviceFabric(const SystemConfig& system, const DeepEpProtocol& protocol)
    : system_(system), protocol_(protocol) {
    wire_params(system_.nvlink);
    nic_params(system_.nic);
    relative_supply(system_.power, system_.power.max_clock);
}

Frequency DeviceFabric::clock_of(const KernelContext& context) const {
    const Frequency clock = context.sm_clock > Frequency::zero() ? context.sm_clock : system_.power.sustained_clock;
    if (!(clock > Frequency::zero())) {
        throw ModelError("exchange: no SM clock is given and sustained_clock is zero");
    }
    return clock;
}

int DeviceFabric::sms_of(int wanted, const KernelContext& context) const {
    if (wanted < 0 || wanted > system_.sm.count) {
        throw ModelError("exchange: " + std::to_string(wanted) + " communication SMs, the GPU has " +
                         std::to_string(system_.sm.count));
    }
    return context.sms > 0 ? std::min(wanted, context.sms) : wanted;
}

KernelResult DeviceFabric::routed(const ExchangeDesc& e, int sms, Frequency clock) const {
    const RoutedExchange moves(system_, e.bulk_copies ? deepep_v2() : protocol_, e, sms);
    const std::vector<Leg> legs = moves.legs(clock, 0);
    KernelResult r;
    r.time = launch() + pipeline_time(legs);
    r.limiter = slowest(legs).limiter;
    r.traffic = moves.traffic();
    EnergyWork work;
    work.traffic = r.traffic;
    if (sms > 0) {
        work.cuda_ops = sm_instructions(moves.flow(), moves.roles());
        r.cuda_busy = cycles(work.cuda_ops / (system_.sm.cuda.fp32_lanes * sms)) / clock;
    } else if (system_.coprocessor.present) {
        work.engine = engine_energy(system_.coprocessor, moves.flow(), moves.roles());
    }
    r.energy = energy_of(work, system_.power, clock);
    r.clock_bound = clock_bound([&](Frequency f) { return launch() + moves.time(f, 0); }, clock);
    if (sms > 0) {
        r.beside_hbm = slowed_by_load([&](double load) { return launch() + moves.time(clock, load); });
    }
    r.sms = sms;
    r.waves = 1;
    r.shares = shares_of(legs, launch(), r.time);
    return r;
}

KernelResult DeviceFabric::low_latency(const ExchangeDesc& e, Frequency clock) const {
    LowLatencyJob job;
    job.combine = e.kind == ExchangeKind::combine;
    job.tokens = e.tokens;
    job.experts = static_cast<int>(std::llround(e.ranks_per_token));
    job.row = e.bytes_per_token;
    job.ranks = e.ranks;
    job.ranks_per_node = e.ranks_per_node;
    const LowLatencyFlow flow = low_latency_flow(job);
    const LowLatencyTime t = low_latency_time(system_, job, clock);
    KernelResult r;
    r.time = t.total;
    r.limiter = t.nic > t.local ? Limiter::nic : Limiter::l2;
    r.traffic.nic_out = r.traffic.nic_in = rows_to_bytes(flow.on_nic, job.row);
    r.traffic.hbm_read = rows_to_bytes(static_cast<double>(job.tokens), job.row);
    r.traffic.hbm_write = r.traffic.l2_write = rows_to_bytes(2 * flow.messages, job.row);
    r.traffic.l2_read = rows_to_bytes(2 * flow.messages, job.row);
    EnergyWork work;
    work.traffic = r.traffic;
    r.energy = energy_of(work, system_.power, clock);
    r.clock_bound = t.local / t.total;
    r.sms = e.sms;
    r.waves = 1;
    r.shares = {{"NIC", t.nic}, {"copies on the GPU", t.local}, {"launch and latency", t.total - t.nic - t.local}};
    return r;
}

std::vector<Leg> DeviceFabric::collective_legs(const ExchangeDesc& e, int sms, Frequency clock) const {
    const CollectiveFlow f = collective_flow(e);
    const NicParams nic = nic_params(system_.nic);
    WireLoad on_links;
    on_links.written_out = f.nvlink_out;
    on_links.written_in = f.nvlink_in;
    const Time wire = wire_time(wire_params(system_.nvlink), on_links, sms > 0 ? WireUser::sm : WireUser::copy_engine);
    std::vector<Leg> legs = {
        {"NVLink", Limiter::nvlink, wire, ring_chunks, system_.nvlink.order.flag * static_cast<double>(f.nvlink_steps)},
        {"NIC", Limiter::nic, nic_time(nic, f.nic_out, f.nic_in), ring_chunks,
         nic.latency * static_cast<double>(f.nic_steps)}};
    if (sms > 0) {
        const double share = 1.0 / sms;
        PortWork work;
        work.remote = f.nvlink_out * share;
        work.local = f.nic_out * share;
        work.read = (f.nvlink_out + f.nic_out + f.added) * share;
        work.added = to_double(f.added) * share / bytes_per_sum;
        legs.push_back({"SM copies", Limiter::sm_copy, port_time(sm_copy_params(system_), clock, work), ring_chunks,
                        Time::zero()});
    } else if (f.added > Bytes::zero()) {
        if (!system_.coprocessor.present) {
            throw ModelError("exchange: nothing can reduce: no SMs and no co-processor");
        }
        const EngineParams engines = engine_params(system_.coprocessor);
        const EngineJob part{Bytes::zero(), f.added * (1.0 / engines.engines)};
        legs.push_back({"engine reduction", Limiter::coprocessor, engines_time(engines, part, engines.engines),
                        ring_chunks, Time::zero()});
    }
    return legs;
}

Time DeviceFabric::collective_time(const ExchangeDesc& e, int sms, Frequency clock) const {
    return launch() + pipeline_time(collective_legs(e, sms, clock));
}

KernelResult DeviceFabric::collective(const ExchangeDesc& e, int sms, Frequency clock) const {
    const CollectiveFlow f = collective_flow(e);
    const std::vector<Leg> legs = collective_legs(e, sms, clock);
    KernelResult r;
    r.time = collective_time(e, sms, clock);
    r.limiter = slowest(legs).limiter;
    r.traffic.nvlink_out = f.nvlink_out;
    r.traffic.nvlink_in = f.nvlink_in;
    r.traffic.nic_out = f.nic_out;
    r.traffic.nic_in = f.nic_in;
    r.traffic.hbm_read = r.traffic.l2_read = f.nvlink_out + f.nic_out;
    r.traffic.hbm_write = r.traffic.l2_write = f.nvlink_in + f.nic_in;
    EnergyWork work;
    work.traffic = r.traffic;
    r.energy = energy_of(work, system_.power, clock);
    r.clock_bound = clock_bound([&](Frequency c) { return collective_time(e, sms, c); }, clock);
    r.sms = sms;
    r.waves = 1;
    r.shares = shares_of(legs, launch(), r.time);
    return r;
}

KernelResult DeviceFabric::exchange(const ExchangeDesc& e, const KernelContext& context) {
    const Frequency clock = clock_of(context);
    const int sms = sms_of(e.sms, context);
    if (is_routed(e.kind) && e.low_latency) { return sms > 0 ? low_latency(e, clock) : in_flight(e, system_, clock); }
    return is_routed(e.kind) ? routed(e, sms, clock) : collective(e, sms, clock);
}

KernelResult DeviceFabric::barrier(const BarrierDesc& b, const KernelContext& context) {
    const Frequency clock = clock_of(context);
    if (b.ranks < 1 || b.ranks_per_node < 1 || b.round_trips < 0 || b.metadata < Bytes::zero()) {
        throw ModelError("barrier: ranks, ranks_per_node, round_trips and metadata must not be negative or zero");
    }
    const NicParams nic = nic_params(system_.nic);
    const int members = std::min(b.ranks, b.ranks_per_node), nodes = std::max(1, b.ranks / b.ranks_per_node);
    Time round;
    if (members > 1) { round += system_.nvlink.order.flag * 2.0; }
    if (nodes > 1) { round += nic.latency * 2.0; }
    KernelResult r;
    r.traffic.nvlink_out = r.traffic.nvlink_in = members > 1 ? b.metadata : Bytes::zero();
    r.traffic.nic_out = r.traffic.nic_in = nodes > 1 ? b.metadata : Bytes::zero();
    WireLoad counts;
    counts.written_out = r.traffic.nvlink_out;
    counts.written_in = r.traffic.nvlink_in;
    r.time = launch() + round * static_cast<double>(b.round_trips) +
             wire_time(wire_params(system_.nvlink), counts, WireUser::sm) +
             nic_time(nic, r.traffic.nic_out, r.traffic.nic_in);
    r.limiter = Limiter::latency;
    EnergyWork work;
    work.traffic = r.traffic;
    r.energy = energy_of(work, system_.power, clock);
    r.clock_bound = 0;
    r.sms = sms_of(b.sms, context);
    r.waves = 1;
    r.shares = {{"round trips", r.time - launch()}, {"launch", launch()}};
    return r;
}

}  // namespace tessera
