#include "models/device/collective.hpp"

#include "models/network/collectives.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tessera {

namespace {

CollectiveFlow one_way(const ExchangeDesc& e, Bytes whole) {
    CollectiveFlow f;
    const bool nic = e.ranks > e.ranks_per_node;
    (nic ? f.nic_steps : f.nvlink_steps) = 1;
    if (e.kind == ExchangeKind::send) {
        (nic ? f.nic_out : f.nvlink_out) = whole;
    } else {
        (nic ? f.nic_in : f.nvlink_in) = whole;
    }
    return f;
}

network::Collective ring_of(ExchangeKind kind) {
    switch (kind) {
        case ExchangeKind::all_gather: return network::Collective::all_gather;
        case ExchangeKind::reduce_scatter: return network::Collective::reduce_scatter;
        default: return network::Collective::all_reduce;
    }
}

}  // namespace

CollectiveFlow collective_flow(const ExchangeDesc& e) {
    const Bytes whole = bytes(e.tokens * e.bytes_per_token.raw());
    if (e.kind == ExchangeKind::send || e.kind == ExchangeKind::receive) { return one_way(e, whole); }
    if (e.kind == ExchangeKind::dispatch || e.kind == ExchangeKind::combine) {
        throw ModelError("exchange: dispatch and combine are not ring collectives");
    }
    if (e.ranks > e.ranks_per_node && e.ranks % e.ranks_per_node != 0) {
        throw ModelError("exchange: " + std::to_string(e.ranks) + " ranks do not fill nodes of " +
                         std::to_string(e.ranks_per_node));
    }
    const int members = std::min(e.ranks, e.ranks_per_node), nodes = std::max(1, e.ranks / e.ranks_per_node);
    CollectiveFlow f;
    for (const network::RingPhase& p : network::ring_phases(ring_of(e.kind), members, nodes, to_double(whole))) {
        const Bytes sent = bytes(std::llround(p.part * p.steps));
        (p.between_nodes ? f.nic_out : f.nvlink_out) += sent;
        (p.between_nodes ? f.nic_steps : f.nvlink_steps) += p.steps;
    }
    f.nvlink_in = f.nvlink_out;
    f.nic_in = f.nic_out;
    if (e.kind != ExchangeKind::all_gather) {
        f.added = whole * (2 * ((members - 1.0) / members + (nodes - 1.0) / nodes / members));
    }
    return f;
}

}  // namespace tessera
