#include "models/device/exchange_roles.hpp"

#include <algorithm>

namespace tessera {

namespace {

ExchangeRole copying(RoleKind kind, double rows, double remote) {
    ExchangeRole role;
    role.kind = kind;
    role.items = role.read_rows = role.written_rows = rows;
    role.remote_rows = remote;
    return role;
}

// The role reads `rows` distinct rows of the source tensor.
ExchangeRole from_tensor(ExchangeRole role, double rows) {
    role.source_rows = rows;
    return role;
}

ExchangeRole adding(RoleKind kind, double inputs, double outputs) {
    ExchangeRole role;
    role.kind = kind;
    role.items = role.written_rows = outputs;
    role.read_rows = role.added_rows = inputs;
    return role;
}

std::vector<ExchangeRole> dispatch_roles(const ExchangeFlow& f, const FabricHelp& help) {
    const bool direct = help.direct_forward || (f.nodes == 1 && help.nv_switch.multicast);
    if (direct) {  // one store per row that the fabric multicasts to its final places
        ExchangeRole send = from_tensor(copying(RoleKind::send, f.home_rows, 0), f.home_rows);
        if (!help.nv_switch.multicast) { send.written_rows = f.copies; }
        send.remote_rows = std::min(send.written_rows, f.nvlink_out);
        return {send};
    }
    ExchangeRole send = from_tensor(copying(RoleKind::send, f.nodes > 1 ? f.home_rows : f.copies, 0), f.home_rows);
    if (f.nodes == 1) {
        send.remote_rows = f.nvlink_out;
        return {send, copying(RoleKind::receive, f.expert_rows, 0)};
    }
    send.written_rows = f.node_rows;  // read once, stored once per node
    ExchangeRole forward = copying(RoleKind::forward, f.copies, f.nvlink_out);
    forward.looked_at = f.relayed;
    return {send, forward, copying(RoleKind::receive, f.expert_rows, 0)};
}

std::vector<ExchangeRole> combine_roles(const ExchangeFlow& f, const FabricHelp& help) {
    ExchangeRole send = from_tensor(copying(RoleKind::send, f.expert_rows, f.nvlink_out), f.expert_rows);
    const bool reduced_in_node = help.nv_switch.reduce;
    if (f.nodes == 1) {
        if (reduced_in_node) { return {send}; }
        return {send, adding(RoleKind::receive, f.copies, f.home_rows)};
    }
    std::vector<ExchangeRole> roles = {send};
    if (!(help.direct_forward && reduced_in_node)) {
        roles.push_back(adding(RoleKind::forward, reduced_in_node ? f.relayed : f.copies, f.relayed));
    }
    if (!help.in_network_reduce) { roles.push_back(adding(RoleKind::receive, f.node_rows, f.home_rows)); }
    return roles;
}

}  // namespace

FabricHelp fabric_help(const SystemConfig& system) {
    return {switch_params(system.nvlink), system.nic.in_network_reduce, system.nic.direct_forward};
}

std::vector<ExchangeRole> exchange_roles(ExchangeKind kind, const ExchangeFlow& flow, const FabricHelp& help) {
    return kind == ExchangeKind::combine ? combine_roles(flow, help) : dispatch_roles(flow, help);
}

Traffic exchange_traffic(const ExchangeFlow& f, const std::vector<ExchangeRole>& roles) {
    double source = 0, read = f.nic_out, written = f.nic_in + f.nvlink_in;
    for (const ExchangeRole& role : roles) {
        source += role.source_rows;
        read += role.read_rows;
        written += role.written_rows - role.remote_rows;
    }
    Traffic t;
    t.hbm_read = rows_to_bytes(source, f.row);
    t.hbm_write = rows_to_bytes(written, f.row);
    t.l2_read = rows_to_bytes(read, f.row);
    t.l2_write = rows_to_bytes(written, f.row);
    t.nvlink_out = rows_to_bytes(f.nvlink_out, f.row);
    t.nvlink_in = rows_to_bytes(f.nvlink_in, f.row);
    t.nic_out = rows_to_bytes(f.nic_out, f.row);
    t.nic_in = rows_to_bytes(f.nic_in, f.row);
    return t;
}

}  // namespace tessera
