#include "models/device/routed_exchange.hpp"

#include "models/device/engine_legs.hpp"
#include "models/device/sm_legs.hpp"
#include "models/hbm/loaded_latency.hpp"
#include "models/network/folded.hpp"
#include "models/nic/nic.hpp"
#include "models/nvlink/wire.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr int settling_rounds = 3;  // of the time that rows wait and the time that they make

}  // namespace

RoutedExchange::RoutedExchange(const SystemConfig& system, const DeepEpProtocol& protocol, const ExchangeDesc& e,
                               int sms)
    : system_(system),
      protocol_(protocol),
      chunks_(deepep_chunks(e.kind == ExchangeKind::combine, e.ranks)),
      kind_(e.kind),
      busiest_relay_(e.busiest_relay),
      sms_(sms) {
    const FabricHelp help = fabric_help(system);
    if (sms == 0 && !system.coprocessor.present && !help.direct_forward) {
        throw ModelError("exchange: nothing can drive a " + std::string(to_string(e.kind)) +
                         ": no SMs, no co-processor, and a fabric that does not forward by itself");
    }
    if (sms > 0 && sms < protocol.sms_per_channel) {
        throw ModelError("exchange: " + std::to_string(sms) + " communication SM; a channel takes " +
                         std::to_string(protocol.sms_per_channel));
    }
    if (!(e.busiest_relay >= 1)) { throw ModelError("exchange: busiest_relay is relative to the mean, at least 1"); }
    if (protocol.nvlink_chunk > 0) { chunks_.nvlink = protocol.nvlink_chunk; }
    flow_ = exchange_flow(e, help.nv_switch, help.in_network_reduce);
    roles_ = exchange_roles(e.kind, flow_, help);
    traffic_ = exchange_traffic(flow_, roles_);
    const bool engines = sms == 0 && system.coprocessor.present && !help.direct_forward;
    if (engines && system.coprocessor.forwarding && e.kind == ExchangeKind::dispatch && flow_.nodes > 1) {
        // Rows from the network leave over NVLink from the engine's buffers; contributions of a combine have to wait
        // for each other in memory.
        traffic_.hbm_write -= traffic_.nic_in;
        traffic_.l2_write -= traffic_.nic_in;
        traffic_.l2_read -=
            std::min(traffic_.l2_read, rows_to_bytes(flow_.copies * (flow_.nodes - 1) / flow_.nodes, flow_.row));
    }
    nvlink_ = nvlink_leg();
    nic_ = nic_leg();
}

Leg RoutedExchange::nvlink_leg() const {
    WireLoad load;
    load.written_out = rows_to_bytes(flow_.nvlink_out, flow_.row);
    load.written_in = rows_to_bytes(flow_.nvlink_in, flow_.row);
    const bool in_switch = system_.nvlink.switch_multicast || system_.nvlink.switch_reduce;
    const Time wire = wire_time(wire_params(system_.nvlink), load, WireUser::sm);
    return {"NVLink", Limiter::nvlink, in_switch ? wire * (1 / system_.nvlink.switch_rate) : wire, 1,
            flow_.node_ranks > 1 ? system_.nvlink.order.flag : Time::zero()};
}

bool RoutedExchange::proxied() const {
    return sms_ > 0 && protocol_.proxied_puts && !system_.nic.direct_forward && flow_.nodes > 1;
}

Bytes RoutedExchange::put_bytes() const { return rows_to_bytes(flow_.nic_out * busiest_relay_, flow_.row); }

// Every rank sends to the relays of its index in all other nodes at once: leaves and spines of a multi-plane fat tree,
// and no faster than whoever hands the puts to the card lets it.
Leg RoutedExchange::nic_leg() const {
    Leg card{"NIC", Limiter::nic, Time::zero(), 1, Time::zero()};
    if (flow_.nodes == 1) { return card; }
    network::FabricShape shape =
        network::fabric_shape(system_, flow_.nodes * flow_.node_ranks, network::Wiring::planes);
    shape.gpus_per_node = flow_.node_ranks;
    const double to_each = flow_.nic_out * busiest_relay_ * to_double(flow_.row) / (flow_.nodes - 1);
    const network::FoldedTime crossing = network::send_folded(shape, {0, to_each, 0});
    card.busy = max(crossing.nic, crossing.spine);
    card.latency = shape.nic_latency + (flow_.nodes > shape.nodes_per_leaf ? shape.crossing : Time::zero());
    if (proxied()) {
        card.busy = max(card.busy, nic_rows_time(nic_params(system_.nic), put_bytes(), put_bytes(), Time::zero()));
    }
    if (system_.nic.in_network_reduce) { card.busy = card.busy * (1 / system_.nic.switch_rate); }
    return card;
}

// Between nodes all ranks wait for the GPU with the most rows: the warps that forward to it free buffers that all
// sources share, or those that return its rows come last.
Time RoutedExchange::busiest_queues(const SmDrive& drive, const ExchangeRole& role) const {
    if (flow_.nodes == 1 || flow_.copies <= 0) { return Time::zero(); }
    const double most = busiest_gpu(busiest_relay_, flow_.nodes, flow_.nodes * flow_.node_ranks);
    const double own = role.kind == RoleKind::forward ? 1.0 : std::max(flow_.skew(), 1e-9);
    ExchangeRole busiest = role;
    for (double* rows : {&busiest.items, &busiest.read_rows, &busiest.written_rows, &busiest.remote_rows,
                         &busiest.added_rows, &busiest.source_rows}) {
        *rows *= std::max(1.0, most / own);
    }
    return queues_time(drive, kind_, flow_, busiest);
}

std::vector<Leg> RoutedExchange::legs_lasting(int sms, Frequency clock, double load, Time lasts) const {
    Leg wire = nvlink_, card = nic_;
    std::vector<Leg> legs;
    if (sms > 0) {
        SmDrive drive{sm_copy_params(system_), protocol_, chunks_, clock, sms, {}};
        drive.memory = {system_.l2.capacity, queue_wait(system_.hbm, load),
                        system_.hbm.peak * (system_.hbm.read_efficiency * load), traffic_.hbm(), lasts};
        if (proxied()) {
            const double missed = puts_from_hbm(drive, flow_);
            const Time longer = (system_.hbm.latency + drive.memory.wait) * missed;
            card.busy = max(card.busy, nic_rows_time(nic_params(system_.nic), put_bytes(), put_bytes(), longer));
        }
        const QueueSpread spread = queues_of(drive, flow_);
        for (const ExchangeRole& role : roles_) {
            Leg leg = sm_leg(drive, kind_, flow_, roles_, role);
            if (role.remote_rows > 0) {
                leg.busy = max(leg.busy, busiest_queues(drive, role));
                const Time shared = over_wires(leg.busy, wire.busy, pushing_warps(drive, kind_, flow_, role.kind));
                Leg& pace = wire.busy > leg.busy ? wire : leg;
                pace.busy = with_longest(shared, lone_queue(drive, kind_, flow_, role), spread);
            }
            legs.push_back(leg);
        }
        card.chunks = put_chunks(drive, flow_);
        wire.chunks = sm_chunks(drive, kind_, flow_, flow_.nodes > 1 ? RoleKind::forward : RoleKind::send);
    } else {
        const int rows = flow_.nodes > 1 ? chunks_.rdma : chunks_.nvlink;
        card.chunks = std::max(1.0, flow_.nic_out / rows);
        wire.chunks = std::max(1.0, flow_.copies / rows);
        if (system_.coprocessor.present) {
            legs.push_back(engine_leg(engine_params(system_.coprocessor), flow_, roles_, rows));
        }
    }
    if (flow_.nodes > 1) { legs.push_back(card); }
    legs.push_back(wire);
    return legs;
}

std::vector<Leg> RoutedExchange::legs_on(int sms, Frequency clock, double load) const {
    Time lasts = max(nvlink_.busy, nic_.busy);
    std::vector<Leg> legs;
    for (int round = 0; round < settling_rounds; ++round) {
        legs = legs_lasting(sms, clock, load, lasts);
        lasts = slowest(legs).busy;
    }
    return legs;
}

// More channels than chunks to fill them only delay the first chunks: of the SMs given, those that help.
int RoutedExchange::useful_sms(Frequency clock) const {
    int best = sms_;
    Time least = Time::max();
    const int channel = protocol_.sms_per_channel;
    for (int used = sms_ - sms_ % channel; used > 0; used -= channel) {
        const Time time = pipeline_time(legs_on(used, clock, 0));
        if (time < least) { least = time, best = used; }
    }
    return best;
}

std::vector<Leg> RoutedExchange::legs(Frequency clock, double load) const {
    return legs_on(useful_sms(clock), clock, load);
}

}  // namespace tessera
