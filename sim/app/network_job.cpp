#include "sim/app/network_job.hpp"

#include "models/device/fabric.hpp"
#include "models/device/routed_exchange.hpp"
#include "models/network/collectives.hpp"
#include "models/network/folded.hpp"
#include "sim/base/error.hpp"
#include "workloads/deepseek_v3/rank_load.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

using namespace network;

constexpr double most_messages = 1e5;  // a route is looked up for each
// GB200 NVL72: 72 GPUs on one switch, 900 GB/s each way (arXiv 2505.09343, section 2.3.2).
constexpr int nvl72_gpus = 72;
constexpr double nvl72_rate = 900e9;

FabricShape shape_of(const SystemConfig& system, const NetworkJob& job) {
    const Wiring wiring = job.topology == NetworkTopology::planes  ? Wiring::planes
                          : job.topology == NetworkTopology::rails ? Wiring::rails
                                                                   : Wiring::node_only;
    FabricShape s = fabric_shape(system, job.gpus, wiring, job.roce ? Protocol::roce : Protocol::infiniband);
    s.nodes_per_leaf = job.nodes_per_leaf;
    s.uplink_ratio = job.uplink_ratio;
    if (job.topology == NetworkTopology::nvl72) {
        s.gpus_per_node = nvl72_gpus;
        s.nvlink = bytes_per_second(nvl72_rate * (s.nvlink / system.nvlink.per_direction));
    }
    if (wiring == Wiring::node_only) {
        if (job.gpus > s.gpus_per_node) {
            throw ModelError("network: one switch joins " + std::to_string(s.gpus_per_node) + " GPUs, not " +
                             std::to_string(job.gpus));
        }
        s.gpus_per_node = job.gpus;
    }
    check(s);
    return s;
}

void sum_links(const network::Fabric& f, const Delivery& d, NetworkAnswer& a) {
    double most[3] = {0, 0, 0};
    const auto& links = f.graph.links();
    for (std::size_t l = 0; l < links.size(); ++l) {
        const std::string &from = f.graph.name(links[l].from), &to = f.graph.name(links[l].to);
        const auto joins = [&](const char* what) { return from.rfind(what, 0) == 0 || to.rfind(what, 0) == 0; };
        const int kind = joins("NVSwitch") ? 0 : joins("spine") ? 2 : 1;
        most[kind] = std::max(most[kind], d.carried[l] / links[l].rate.raw());
        const double each = d.carried[l] / f.shape.gpus;
        if (kind == 0 && from.rfind("GPU", 0) == 0) { a.on_nvlink += each; }
        if (kind == 1 && from.rfind("NIC", 0) == 0 && to.rfind("leaf", 0) == 0) { a.on_nic += each; }
        if (kind == 2 && from.rfind("leaf", 0) == 0) { a.on_spine += each; }
    }
    a.limits = {{"NVLink", seconds(most[0])}, {"NIC", seconds(most[1])}, {"leaf and spine", seconds(most[2])}};
}

NetworkAnswer follow(const network::Fabric& f, const std::vector<Message>& messages, NetworkMode mode) {
    const Delivery d = mode == NetworkMode::packets ? send_packets(f.graph, messages, f.shape.packets)
                                                    : send_fluid(f.graph, messages, f.shape.packets);
    NetworkAnswer a;
    a.time = d.last;
    a.injected = d.injected;
    a.delivered = d.delivered;
    a.flows = static_cast<int>(messages.size());
    a.links = static_cast<int>(f.graph.links().size());
    sum_links(f, d, a);
    return a;
}

void limit_messages(double count) {
    if (count > most_messages) {
        throw ModelError("network: " + std::to_string(static_cast<std::int64_t>(count)) +
                         " messages are too many to follow one by one; --mode classes takes like ones together");
    }
}

NetworkAnswer all_to_all_of(const FabricShape& s, const NetworkJob& job) {
    if (job.gpus < 2) { throw ModelError("network: an all-to-all needs two GPUs"); }
    if (job.mode != NetworkMode::classes) {
        limit_messages(static_cast<double>(job.gpus) * (job.gpus - 1));
        const network::Fabric f = build(s);
        return follow(f, all_to_all(f, job.each), job.mode);
    }
    const FoldedTime t = all_to_all_folded(s, job.each);
    NetworkAnswer a;
    a.time = t.last;
    a.limits = {{"NVLink", t.nvlink}, {"NIC", t.nic}, {"leaf and spine", t.spine}};
    a.on_nvlink = t.on_nvlink, a.on_nic = t.on_nic, a.on_spine = t.across;
    a.flows = t.flows, a.links = t.links;
    // run_flows() has checked that every class's bytes arrived.
    a.injected = a.delivered = bytes(job.each.raw() / (job.gpus - 1) * (job.gpus - 1) * job.gpus);
    return a;
}

NetworkAnswer incast_of(const FabricShape& s, const NetworkJob& job) {
    if (job.gpus < 2) { throw ModelError("network: an incast needs two GPUs"); }
    const network::Fabric f = build(s);
    std::vector<Message> in;
    for (int from = 1; from < job.gpus; ++from) { in.push_back(f.message(from, 0, job.each)); }
    return follow(f, in, job.mode == NetworkMode::classes ? NetworkMode::messages : job.mode);
}

NetworkAnswer collective_of(const FabricShape& s, const NetworkJob& job) {
    const Collective kind = job.pattern == NetworkPattern::all_reduce   ? Collective::all_reduce
                            : job.pattern == NetworkPattern::all_gather ? Collective::all_gather
                                                                        : Collective::reduce_scatter;
    NetworkAnswer a;
    if (job.mode == NetworkMode::classes) {
        const CollectiveTime t = collective_time(s, kind, job.each);
        a.time = t.total;
        a.limits = {{"NVLink", t.nvlink}, {"NIC", t.network}};
        a.on_nvlink = t.on_nvlink, a.on_nic = t.on_network;
        const double moved = (t.on_nvlink + t.on_network) * job.gpus;
        a.injected = a.delivered = bytes(std::llround(moved));
        return a;
    }
    const network::Fabric f = build(s);
    for (const RingPhase& p : ring_phases(kind, s.gpus_per_node, s.nodes(), to_double(job.each))) {
        const NetworkAnswer step = follow(f, ring_step(f, p), job.mode);
        const double n = p.steps;
        a.time += step.time * n;
        a.injected += step.injected * n;
        a.delivered += step.delivered * n;
        a.on_nvlink += step.on_nvlink * n, a.on_nic += step.on_nic * n, a.on_spine += step.on_spine * n;
        a.flows = std::max(a.flows, step.flows);
        a.links = step.links;
        if (a.limits.empty()) { a.limits = {{"NVLink", {}}, {"NIC", {}}, {"leaf and spine", {}}}; }
        for (std::size_t k = 0; k < a.limits.size(); ++k) { a.limits[k].alone += step.limits[k].alone * n; }
    }
    return a;
}

ExchangeDesc exchange_of(const FabricShape& s, const NetworkJob& job) {
    if (job.experts % job.gpus != 0) {
        throw ModelError("network: " + std::to_string(job.gpus) + " ranks do not divide " +
                         std::to_string(job.experts) + " experts");
    }
    if (job.top_k < 1 || job.top_k > job.experts || job.node_limit < 1 || job.tokens < 1 || job.hidden < 1) {
        throw ModelError("network: a token goes to 1 to " + std::to_string(job.experts) +
                         " experts on at least one node; tokens and hidden must be positive");
    }
    ModelConfig model;
    model.routed_experts = job.experts;
    model.experts_per_token = job.top_k;
    model.expert_groups = s.nodes();
    model.groups_per_token = std::min(job.node_limit, s.nodes());
    ParallelConfig parallel;
    parallel.expert_ranks = job.gpus;
    parallel.ranks_per_node = s.gpus_per_node;
    const deepseek_v3::RoutingExpectation routing = deepseek_v3::routing_expectation(model, parallel);
    ExchangeDesc e;
    const bool combine = job.pattern == NetworkPattern::combine;
    e.kind = combine ? ExchangeKind::combine : ExchangeKind::dispatch;
    e.reduce = combine;
    e.tokens = job.tokens;
    e.nodes_per_token = routing.nodes_per_token;
    e.ranks_per_token = routing.ranks_per_token;
    e.unique_tokens = std::llround(static_cast<double>(job.tokens) * routing.ranks_per_token);
    // BF16 back; FP8 and a scale of four bytes for each 128 values out.
    e.bytes_per_token = bytes(combine ? 2 * job.hidden : job.hidden + (job.hidden + 127) / 128 * 4);
    e.ranks = job.gpus;
    e.ranks_per_node = s.gpus_per_node;
    e.sms = job.sms;
    e.bulk_copies = job.bulk_copies;
    return e;
}

NetworkAnswer exchange_answer(const SystemConfig& system, const FabricShape& s, const NetworkJob& job) {
    if (job.mode != NetworkMode::classes) {
        throw ModelError("network: dispatch and combine follow classes of ranks, not single messages");
    }
    const ExchangeDesc e = exchange_of(s, job);
    KernelContext context;
    context.sm_clock = system.power.max_clock;
    const KernelResult r = DeviceFabric(system).exchange(e, context);
    const RoutedExchange moves(system, job.bulk_copies ? deepep_v2() : DeepEpProtocol{}, e, job.sms);
    NetworkAnswer a;
    a.time = r.time + (moves.time(context.sm_clock, job.hbm_load) - moves.time(context.sm_clock, 0));
    for (const Leg& leg : moves.legs(context.sm_clock, job.hbm_load)) { a.limits.push_back({leg.label, leg.busy}); }
    a.on_nvlink = to_double(r.traffic.nvlink_out);
    a.on_nic = to_double(r.traffic.nic_out);
    a.injected = (r.traffic.nvlink_out + r.traffic.nic_out) * static_cast<double>(job.gpus);
    a.delivered = (r.traffic.nvlink_in + r.traffic.nic_in) * static_cast<double>(job.gpus);
    return a;
}

}  // namespace

NetworkAnswer run_network(const SystemConfig& system, const NetworkJob& job) {
    const FabricShape s = shape_of(system, job);
    const bool routed = job.pattern == NetworkPattern::dispatch || job.pattern == NetworkPattern::combine;
    if (!routed && !(job.each > Bytes::zero())) { throw ModelError("network: nothing to send"); }
    NetworkAnswer a = routed                                      ? exchange_answer(system, s, job)
                      : job.pattern == NetworkPattern::all_to_all ? all_to_all_of(s, job)
                      : job.pattern == NetworkPattern::incast     ? incast_of(s, job)
                                                                  : collective_of(s, job);
    invariant(std::abs(to_double(a.injected) - to_double(a.delivered)) <= 1e-6 * to_double(a.injected),
              "network: bytes injected and delivered differ");
    return a;
}

}  // namespace tessera
