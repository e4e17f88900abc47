#include "models/device/exchange_flow.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tessera {

namespace {

void require(bool condition, const std::string& what) {
    if (!condition) { throw ModelError("exchange: " + what); }
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)}); }

void check(const ExchangeDesc& e) {
    require(e.tokens >= 0 && e.unique_tokens >= 0, "tokens and unique_tokens must not be negative");
    require(e.bytes_per_token > Bytes::zero(), "bytes_per_token must be positive");
    require(e.ranks >= 1 && e.ranks_per_node >= 1, "ranks and ranks_per_node must be at least 1");
    require(e.ranks <= e.ranks_per_node || e.ranks % e.ranks_per_node == 0,
            std::to_string(e.ranks) + " ranks do not fill nodes of " + std::to_string(e.ranks_per_node));
    const int nodes = std::max(1, e.ranks / e.ranks_per_node);
    require(e.nodes_per_token >= 0 && e.nodes_per_token <= nodes * (1 + 1e-9),
            "nodes_per_token must lie between 0 and the number of nodes, " + std::to_string(nodes));
    require(e.ranks_per_token >= e.nodes_per_token * (1 - 1e-9) && e.ranks_per_token <= e.ranks * (1 + 1e-9),
            "ranks_per_token must lie between nodes_per_token and the number of ranks");
}

}  // namespace

double ExchangeFlow::skew() const { return copies > 0 ? expert_rows / copies : 1.0; }

ExchangeFlow exchange_flow(const ExchangeDesc& e, const SwitchParams& nv_switch, bool in_network) {
    check(e);
    ExchangeFlow f;
    f.node_ranks = std::min(e.ranks, e.ranks_per_node);
    f.nodes = std::max(1, e.ranks / e.ranks_per_node);
    f.row = e.bytes_per_token;
    f.home_rows = static_cast<double>(e.tokens);
    f.node_rows = f.home_rows * e.nodes_per_token;
    f.relayed = f.node_rows;
    f.copies = f.home_rows * e.ranks_per_token;
    f.expert_rows = static_cast<double>(e.unique_tokens);
    f.nic_out = f.nic_in = f.node_rows * (f.nodes - 1) / f.nodes;
    const bool combine = e.kind == ExchangeKind::combine;
    const SwitchCopies links = combine ? fan_in(nv_switch, f.relayed, f.copies, f.node_ranks)
                                       : fan_out(nv_switch, f.relayed, f.copies, f.node_ranks);
    // The side of the experts follows this rank's own load, the side of the relay the mean.
    f.nvlink_out = combine ? links.sent * f.skew() : links.sent;
    f.nvlink_in = combine ? links.received : links.received * f.skew();
    if (combine && in_network) { f.nic_in = std::min(f.nic_in, f.home_rows); }
    check_conservation(e, f, nv_switch, in_network);
    return f;
}

void check_conservation(const ExchangeDesc& e, const ExchangeFlow& f, const SwitchParams& nv_switch, bool in_network) {
    const bool combine = e.kind == ExchangeKind::combine;
    const double skew = f.skew();
    const double sent = combine && skew > 0 ? f.nvlink_out / skew : f.nvlink_out;
    const double received = !combine && skew > 0 ? f.nvlink_in / skew : f.nvlink_in;
    const bool copies_whole = skew <= 0 || near(f.copies * skew, f.expert_rows);
    const bool links_whole = skew <= 0 || (!combine && nv_switch.multicast ? sent <= received * (1 + 1e-9)
                                           : combine && nv_switch.reduce   ? received <= sent * (1 + 1e-9)
                                                                           : near(sent, received));
    const bool nic_whole = combine && in_network ? f.nic_in <= f.nic_out * (1 + 1e-9) : near(f.nic_in, f.nic_out);
    const bool relay_whole = near(f.relayed, f.nic_out + f.node_rows / f.nodes);
    invariant(copies_whole && links_whole && nic_whole && relay_whole, "exchange: rows sent and received differ");
}

Bytes rows_to_bytes(double rows, Bytes row) { return bytes(std::llround(rows * to_double(row))); }

}  // namespace tessera
