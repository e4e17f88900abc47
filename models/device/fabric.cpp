#include "models/device/fabric.hpp"

#include "models/device/collective.hpp"
#include "models/device/engine_legs.hpp"
#include "models/device/sm_legs.hpp"
#include "models/nic/nic.hpp"
#include "models/nvlink/nvlink.hpp"
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

// What sets the pace, what the other legs add, and the launch, so that the shares add up to `total`.
std::vector<TimeShare> shares_of(const std::vector<Leg>& legs, Time launch, Time total) {
    const Leg& pace = slowest(legs);
    const Time main = min(pace.busy, total - launch);
    return {{pace.label, main}, {"fill, drain and latency", total - launch - main}, {"launch", launch}};
}

}  // namespace

DeviceFabric::DeviceFabric(const SystemConfig& system, const DeepEpProtocol& protocol)
    : system_(system), protocol_(protocol) {
    nvlink_params(system_.nvlink);
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

std::vector<Leg> DeviceFabric::routed_legs(const ExchangeDesc& e, const ExchangeFlow& flow,
                                           const std::vector<ExchangeRole>& roles, int sms, Frequency clock) const {
    const NvlinkParams nvlink = nvlink_params(system_.nvlink);
    const NicParams nic = nic_params(system_.nic);
    DeepEpChunks chunks = deepep_chunks(e.kind == ExchangeKind::combine, e.ranks);
    if (protocol_.nvlink_chunk > 0) { chunks.nvlink = protocol_.nvlink_chunk; }
    Leg wire{"NVLink", Limiter::nvlink,
             nvlink_time(nvlink, rows_to_bytes(flow.nvlink_out, flow.row), rows_to_bytes(flow.nvlink_in, flow.row)), 1,
             flow.node_ranks > 1 ? nvlink.latency : Time::zero()};
    Leg card{"NIC", Limiter::nic,
             nic_time(nic, rows_to_bytes(flow.nic_out, flow.row), rows_to_bytes(flow.nic_in, flow.row)), 1,
             flow.nodes > 1 ? nic.latency : Time::zero()};
    std::vector<Leg> legs;
    if (sms > 0) {
        const SmDrive drive{sm_copy_params(system_), protocol_, chunks, clock, sms};
        for (const ExchangeRole& role : roles) { legs.push_back(sm_leg(drive, e.kind, flow, roles, role)); }
        card.chunks = put_chunks(drive, flow);
        wire.chunks = sm_chunks(drive, e.kind, flow, flow.nodes > 1 ? RoleKind::forward : RoleKind::send);
    } else {
        const int rows = flow.nodes > 1 ? chunks.rdma : chunks.nvlink;
        card.chunks = std::max(1.0, flow.nic_out / rows);
        wire.chunks = std::max(1.0, flow.copies / rows);
        if (system_.coprocessor.present) {
            legs.push_back(engine_leg(engine_params(system_.coprocessor), flow, roles, rows));
        }
    }
    if (flow.nodes > 1) { legs.push_back(card); }
    legs.push_back(wire);
    return legs;
}

int DeviceFabric::useful_sms(const ExchangeDesc& e, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
                             int sms, Frequency clock) const {
    int best = sms;
    Time least = Time::max();
    for (int used = sms - sms % protocol_.sms_per_channel; used > 0; used -= protocol_.sms_per_channel) {
        const Time time = pipeline_time(routed_legs(e, flow, roles, used, clock));
        if (time < least) { least = time, best = used; }
    }
    return best;
}

Time DeviceFabric::routed_time(const ExchangeDesc& e, int sms, Frequency clock) const {
    const FabricHelp help = fabric_help(system_);
    const ExchangeFlow flow = exchange_flow(e, help.nv_switch, help.in_network_reduce);
    const std::vector<ExchangeRole> roles = exchange_roles(e.kind, flow, help);
    return launch() + pipeline_time(routed_legs(e, flow, roles, useful_sms(e, flow, roles, sms, clock), clock));
}

KernelResult DeviceFabric::routed(const ExchangeDesc& e, int sms, Frequency clock) const {
    const FabricHelp help = fabric_help(system_);
    if (sms == 0 && !system_.coprocessor.present && !help.direct_forward) {
        throw ModelError("exchange: nothing can drive a " + std::string(to_string(e.kind)) +
                         ": no SMs, no co-processor, and a fabric that does not forward by itself");
    }
    if (sms > 0 && sms < protocol_.sms_per_channel) {
        throw ModelError("exchange: " + std::to_string(sms) + " communication SM; a channel takes " +
                         std::to_string(protocol_.sms_per_channel));
    }
    const ExchangeFlow flow = exchange_flow(e, help.nv_switch, help.in_network_reduce);
    const std::vector<ExchangeRole> roles = exchange_roles(e.kind, flow, help);
    const std::vector<Leg> legs = routed_legs(e, flow, roles, useful_sms(e, flow, roles, sms, clock), clock);
    KernelResult r;
    r.time = routed_time(e, sms, clock);
    r.limiter = slowest(legs).limiter;
    r.traffic = exchange_traffic(flow, roles);
    EnergyWork work;
    work.traffic = r.traffic;
    if (sms > 0) {
        work.cuda_ops = sm_instructions(flow, roles);
        r.cuda_busy = cycles(work.cuda_ops / (system_.sm.cuda.fp32_lanes * sms)) / clock;
    }
    r.energy = energy_of(work, system_.power, clock);
    r.clock_bound = clock_bound([&](Frequency f) { return routed_time(e, sms, f); }, clock);
    r.sms = sms;
    r.waves = 1;
    r.shares = shares_of(legs, launch(), r.time);
    return r;
}

std::vector<Leg> DeviceFabric::collective_legs(const ExchangeDesc& e, int sms, Frequency clock) const {
    const CollectiveFlow f = collective_flow(e);
    const NvlinkParams nvlink = nvlink_params(system_.nvlink);
    const NicParams nic = nic_params(system_.nic);
    std::vector<Leg> legs = {{"NVLink", Limiter::nvlink, nvlink_time(nvlink, f.nvlink_out, f.nvlink_in), ring_chunks,
                              nvlink.latency * static_cast<double>(f.nvlink_steps)},
                             {"NIC", Limiter::nic, nic_time(nic, f.nic_out, f.nic_in), ring_chunks,
                              nic.latency * static_cast<double>(f.nic_steps)}};
    if (sms > 0) {
        const Bytes written = f.nvlink_out + f.nic_out;
        const double share = 1.0 / sms, added = to_double(f.added) * share / bytes_per_sum;
        legs.push_back({"SM copies", Limiter::sm_copy,
                        port_time(sm_copy_params(system_), clock, written * share, (written + f.added) * share, added),
                        ring_chunks, Time::zero()});
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
    return is_routed(e.kind) ? routed(e, sms, clock) : collective(e, sms, clock);
}

KernelResult DeviceFabric::barrier(const BarrierDesc& b, const KernelContext& context) {
    const Frequency clock = clock_of(context);
    if (b.ranks < 1 || b.ranks_per_node < 1 || b.round_trips < 0 || b.metadata < Bytes::zero()) {
        throw ModelError("barrier: ranks, ranks_per_node, round_trips and metadata must not be negative or zero");
    }
    const NvlinkParams nvlink = nvlink_params(system_.nvlink);
    const NicParams nic = nic_params(system_.nic);
    const int members = std::min(b.ranks, b.ranks_per_node), nodes = std::max(1, b.ranks / b.ranks_per_node);
    Time round;
    if (members > 1) { round += nvlink.latency * 2.0; }
    if (nodes > 1) { round += nic.latency * 2.0; }
    KernelResult r;
    r.traffic.nvlink_out = r.traffic.nvlink_in = members > 1 ? b.metadata : Bytes::zero();
    r.traffic.nic_out = r.traffic.nic_in = nodes > 1 ? b.metadata : Bytes::zero();
    r.time = launch() + round * static_cast<double>(b.round_trips) +
             nvlink_time(nvlink, r.traffic.nvlink_out, r.traffic.nvlink_in) +
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
