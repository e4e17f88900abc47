#include "models/device/collective.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
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
    const int passes = e.kind == ExchangeKind::all_reduce ? 2 : 1;
    const double in_node = passes * (members - 1.0) / members, between = passes * (nodes - 1.0) / nodes / members;
    CollectiveFlow f;
    f.nvlink_out = f.nvlink_in = whole * in_node;
    f.nic_out = f.nic_in = whole * between;
    f.nvlink_steps = passes * (members - 1);
    f.nic_steps = passes * (nodes - 1);
    if (e.kind != ExchangeKind::all_gather) {
        f.added = whole * (2 * ((members - 1.0) / members + (nodes - 1.0) / nodes / members));
    }
    return f;
}

}  // namespace tessera
