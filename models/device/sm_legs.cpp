#include "models/device/sm_legs.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr double bytes_per_access = 16;
constexpr double bf16_bytes = 2;  // rows that are added are BF16

// How the warps of one channel split a role.
struct Crew {
    int groups = 1;            // independent groups of warps on the SM
    int warps = 1;             // of one group, in step
    double rows_per_flag = 0;  // rows of a group between two updates of its queue's tail; 0: no flag
    int sm = 0;                // which of the channel's SMs
};

Crew v1_crew(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role) {
    const DeepEpProtocol& p = drive.protocol;
    const bool combine = kind == ExchangeKind::combine;
    if (flow.nodes == 1) {
        if (role == RoleKind::receive && combine) { return {p.node_warps, 1, 0, 1}; }
        const int warps = std::max(1, p.node_warps / flow.node_ranks);
        const double flag = role == RoleKind::send ? drive.chunks.nvlink : 0;
        return {flow.node_ranks, warps, flag, role == RoleKind::send ? 0 : 1};
    }
    if (combine) {
        if (role == RoleKind::send) {  // each round sends a chunk for every source node, then one flag
            return {p.combine_sender_warps, 1, static_cast<double>(drive.chunks.nvlink * flow.nodes), 0};
        }
        return role == RoleKind::forward ? Crew{p.combine_forward_warps, 1, 0, 0}
                                         : Crew{p.combine_receive_warps, 1, 0, 1};
    }
    if (role == RoleKind::send) { return {p.dispatch_sender_warps, 1, 0, 0}; }
    if (role == RoleKind::forward) { return {p.forward_warps, 1, static_cast<double>(drive.chunks.nvlink), 1}; }
    return {p.receive_warps, 1, 0, 0};
}

Crew crew_of(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role) {
    Crew crew = v1_crew(drive, kind, flow, role);
    crew.sm %= drive.protocol.sms_per_channel;
    return crew;
}

// Port time of one SM for its share of the role.
Time port_share(const SmDrive& drive, const ExchangeFlow& flow, const ExchangeRole& role) {
    const double share = 1.0 / drive.channels();
    return port_time(drive.copy, drive.clock, rows_to_bytes(role.written_rows * share, flow.row),
                     rows_to_bytes(role.read_rows * share, flow.row),
                     role.added_rows * share * to_double(flow.row) / bf16_bytes);
}

// Dependent memory trips of a warp per item, as time.
Time chain(const SmDrive& drive, const ExchangeFlow& flow, const ExchangeRole& role, const Crew& crew, int unroll) {
    const DeepEpProtocol& p = drive.protocol;
    const bool reduces = role.added_rows > 0;
    const WarpCopy copy{reduces ? p.reduce_unroll : unroll, p.row_trips};
    const bool from_hbm = role.source_rows > 0;
    Time time = load_trip(drive.copy, drive.clock, from_hbm) * static_cast<double>(copy_trips(copy, flow.row));
    if (role.looked_at > 0 && role.items > 0) {  // every group inspects every row and keeps its own
        const double per_item = role.looked_at * crew.groups / role.items;
        time += load_trip(drive.copy, drive.clock, false) * std::max(0.0, per_item - 1);
    }
    return time;
}

// Senders within a node of the first protocol: chunk by chunk. Groups queue for the port with a round's rows.
Time node_send_time(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role,
                    const Crew& crew) {
    const DeepEpProtocol& p = drive.protocol;
    const bool combine = kind == ExchangeKind::combine;
    const double rows = role.items / drive.channels() / crew.groups;
    ChunkSenders senders;
    senders.rows = drive.chunks.nvlink;
    senders.warps = crew.warps;
    senders.in_turn = !combine;
    senders.fence = drive.copy.fence;
    const Time think = chain(drive, flow, role, crew, combine ? p.node_combine_unroll : p.load_unroll);
    const Time service = port_share(drive, flow, role) / (rows * crew.groups);
    const auto round = [&](int warps) { return shared_port_round(think, service * double(warps), crew.groups); };
    Time period = chunk_period(senders, round);
    if (!combine) {  // every warp looks at every token to find its own
        const Cycles look = drive.copy.l1_trip + drive.copy.dependent * static_cast<double>(p.walk_instructions);
        period += look / drive.clock * static_cast<double>(senders.rows);
    }
    return period * (rows / senders.rows);
}

const char* label_of(RoleKind kind) {
    switch (kind) {
        case RoleKind::send: return "send copies";
        case RoleKind::forward: return "forwarding";
        case RoleKind::receive: return "receive copies";
    }
    return "";
}

}  // namespace

Leg sm_leg(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
           const ExchangeRole& role) {
    const Crew crew = crew_of(drive, kind, flow, role.kind);
    Time shared_port;
    for (const ExchangeRole& other : roles) {
        if (crew_of(drive, kind, flow, other.kind).sm == crew.sm) { shared_port += port_share(drive, flow, other); }
    }
    Leg leg{label_of(role.kind), Limiter::sm_copy, shared_port, sm_chunks(drive, kind, flow, role.kind), Time::zero()};
    if (role.items <= 0) { return leg; }
    if (flow.nodes == 1 && role.kind == RoleKind::send && drive.protocol.sms_per_channel == 2) {
        leg.busy = max(shared_port, node_send_time(drive, kind, flow, role, crew));
        return leg;
    }
    const double items_per_sm = role.items / drive.channels();
    const double in_step = crew.rows_per_flag > 0 ? std::min<double>(crew.warps, crew.rows_per_flag) : crew.warps;
    Time think = chain(drive, flow, role, crew, drive.protocol.load_unroll);
    if (crew.rows_per_flag > 0) { think += drive.copy.flag_latency * (in_step / crew.rows_per_flag); }
    const Time service = port_share(drive, flow, role) * (in_step / items_per_sm);
    const double rounds = items_per_sm / (crew.groups * in_step);
    leg.busy = max(shared_port, shared_port_round(think, service, crew.groups) * rounds);
    return leg;
}

double put_chunks(const SmDrive& drive, const ExchangeFlow& flow) {
    return std::max(1.0, flow.nic_out / drive.channels() / drive.chunks.rdma);
}

double sm_chunks(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role) {
    const double channels = drive.channels();
    const bool combine = kind == ExchangeKind::combine;
    double chunks = 1;
    if (flow.nodes == 1) {
        chunks = flow.copies / channels / flow.node_ranks / drive.chunks.nvlink;
    } else if (role == RoleKind::send) {
        // Dispatch: a put leaves once its node has gathered a chunk; combine: a flag ends a round over the nodes.
        chunks = combine ? flow.expert_rows / channels / drive.protocol.combine_sender_warps /
                               (drive.chunks.nvlink * flow.nodes)
                         : flow.node_rows / channels / flow.nodes / drive.chunks.rdma;
    } else if (role == RoleKind::forward) {
        chunks = flow.relayed / channels / drive.chunks.rdma;
    } else {
        chunks = combine ? flow.node_rows / channels / drive.chunks.rdma
                         : flow.expert_rows / channels / drive.protocol.receive_warps / drive.chunks.nvlink;
    }
    return std::max(1.0, chunks);
}

double sm_instructions(const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles) {
    double count = 0;
    for (const ExchangeRole& role : roles) {
        const double accesses = (role.read_rows + role.written_rows) / bytes_per_access;
        count += (accesses + 3 * role.added_rows / bf16_bytes) * to_double(flow.row);
    }
    return count;
}

}  // namespace tessera
