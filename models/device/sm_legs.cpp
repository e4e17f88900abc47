#include "models/device/sm_legs.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr double bytes_per_access = 16;
constexpr double bf16_bytes = 2;    // rows that are added are BF16
constexpr double step_bytes = 512;  // a warp's access of 16 bytes per lane
// Instructions of a step of a reduction that wait for each other: unpack and add eight values of an input; pack and
// count once. Loads from local memory: index, pointer, value.
// Staging: bulk against plain stores, 23 warps on an SM, one or two inputs from L2, 239 and 254 cycles a step
// (tests/validation/h200_links/reduce_step.json).
constexpr double staged_step = 254;  // cycles
constexpr double add_instructions = 16, step_instructions = 24, local_loads = 3;

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
        if (role == RoleKind::receive && combine) { return {p.node_warps - 1, 1, 0, 1}; }  // one watches the queues
        const bool few = !combine && p.node_dispatch_warps > 0;
        const int warps = few ? p.node_dispatch_warps : std::max(1, p.node_warps / flow.node_ranks);
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
    if (role == RoleKind::forward) {  // a turn takes a put that has arrived, and of it what goes to one GPU
        const double mine = flow.relayed > 0 ? flow.copies / flow.relayed / flow.node_ranks : 1;
        const double most = drive.chunks.nvlink;
        return {p.forward_warps, 1, std::clamp(drive.chunks.rdma * mine, 1.0, most), 1};
    }
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
    PortWork work;
    work.read = rows_to_bytes(role.read_rows * share, flow.row);
    work.remote = rows_to_bytes(role.remote_rows * share, flow.row);
    work.local = rows_to_bytes((role.written_rows - role.remote_rows) * share, flow.row);
    work.added = role.added_rows * share * to_double(flow.row) / bf16_bytes;
    return port_time(drive.copy, drive.clock, work);
}

// A reducing warp's time for one output: step by step it loads 16 bytes per lane of every input, adds them in FP32,
// stages the sum in shared memory and hands it to the bulk engine. How many inputs there are is known at run time only,
// so that indices, pointers and loaded values live in local memory (L1).
Time reduce_chain(const SmDrive& drive, Time trip, Bytes row, double inputs) {
    const SmCopyParams& c = drive.copy;
    const Cycles added = c.dependent * add_instructions + c.l1_trip * local_loads;
    const Cycles step = added * inputs + c.dependent * step_instructions + cycles(staged_step);
    const Cycles issue = cycles((add_instructions + 2 * local_loads) * inputs + step_instructions);
    const int warps = static_cast<int>(std::ceil(drive.protocol.node_warps / c.issue_slots));  // of one scheduler
    const double steps = std::ceil(to_double(row) / step_bytes);
    return shared_port_round(trip + (step - issue) / drive.clock, issue / drive.clock, warps) * steps +
           trip * static_cast<double>(drive.protocol.row_trips);
}

// Dependent memory trips of a warp per item, as time.
Time chain(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role,
           const Crew& crew, int unroll) {
    const DeepEpProtocol& p = drive.protocol;
    const bool reduces = role.added_rows > 0;
    const Time trip = load_trip(drive.copy, drive.clock, rows_from_hbm(drive, kind, flow, role), drive.memory.wait);
    if (reduces && p.reduce_unroll == 1) {
        return reduce_chain(drive, trip, flow.row, role.items > 0 ? role.added_rows / role.items : 0);
    }
    const WarpCopy copy{reduces ? p.reduce_unroll : unroll, p.row_trips};
    double trips = copy_trips(copy, flow.row);
    if (role.looked_at > 0 && role.items > 0) {  // every group inspects every row and keeps its own
        trips += std::max(0.0, role.looked_at * crew.groups / role.items - 1);
    }
    return trip * trips;
}

// Part of the exchange that passes while a row waits to be read: until its chunk is complete, or as long as a full
// queue takes. Senders of a combine run ahead of the puts, so their queues are full.
double waiting_share(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role) {
    if (flow.nodes == 1) { return 1 / sm_chunks(drive, kind, flow, RoleKind::send); }
    if (kind == ExchangeKind::combine && role == RoleKind::forward) {
        const double held = static_cast<double>(drive.protocol.nvlink_buffer) * flow.node_ranks * drive.channels();
        return flow.copies > 0 ? std::min(1.0, held / flow.copies) : 0;
    }
    if (kind == ExchangeKind::dispatch && role == RoleKind::receive) { return 1 / sm_chunks(drive, kind, flow, role); }
    return 1 / put_chunks(drive, flow);
}

// Share of rows that the L2 holds no more after `share` of the exchange.
double fallen_out(const MemoryBeside& m, double share) {
    const double passed = share * (to_double(m.own) + m.others.raw() * to_seconds(m.lasts));
    return passed > to_double(m.l2) ? 1 - to_double(m.l2) / passed : 0;
}

// What a fence waits for others: `share` of its time each of the groups of every SM has one under way.
Time met_fence(double share, int channels, int groups) {
    const double free = 1 - std::min(1.0, share);
    return nanoseconds(met_fence_ns) * (1 - std::pow(free, channels * groups - 1));
}

// How the warps of a group get through a chunk: `rounds` of `rows` each on average, since a warp goes on to its next
// row without waiting for the others. All of them look at the tokens between their rows (dispatch), then the port works
// through their rows while they wait for their loads, then they wait for the rows' small pieces (top-k, scales).
// Groups, each with its rows, queue for the port.
struct ChunkRounds {
    double rounds = 1, rows = 1;
    Time looking{}, loads{}, small{}, service{}, trip{};
    Time round(int meeting) const {
        const Time lump = service * rows;
        return shared_port_round(looking + max(trip, loads + service - lump) + small, lump, meeting);
    }
};

ChunkRounds chunk_rounds(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role,
                         const Crew& crew) {
    const DeepEpProtocol& p = drive.protocol;
    const bool combine = kind == ExchangeKind::combine;
    const double chunk = drive.chunks.nvlink, row = to_double(flow.row);
    const std::int64_t pieces = flow.row.raw() / static_cast<std::int64_t>(step_bytes);
    const Bytes payload = bytes(pieces * static_cast<std::int64_t>(step_bytes));
    ChunkRounds r;
    r.rounds = std::ceil(chunk / crew.warps);
    r.rows = chunk / r.rounds;
    r.trip = load_trip(drive.copy, drive.clock, 1, drive.memory.wait);
    r.loads = r.trip * static_cast<double>(copy_trips({combine ? p.node_combine_unroll : p.load_unroll, 0}, payload));
    r.small = r.trip * static_cast<double>(p.row_trips - 1 + (payload < flow.row ? 1 : 0));  // routing: while looking
    const double remote = role.written_rows > 0 ? role.remote_rows / role.written_rows : 0;
    r.service = cycles(row * (remote / drive.copy.push.raw() + (1 - remote) / drive.copy.keep.raw())) / drive.clock;
    if (!combine) {  // every warp looks at every token to find its own
        const double tokens = flow.home_rows / (role.items / crew.groups) * chunk;
        const Cycles look = drive.copy.link.l2_trip + drive.copy.dependent * static_cast<double>(p.walk_instructions);
        r.looking = look / drive.clock * (tokens / r.rounds);
    }
    return r;
}

// Senders within a node of the first protocol, chunk by chunk, `meeting` groups at a time.
Time node_send_time(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role,
                    const Crew& crew, int meeting) {
    ChunkSenders senders;
    senders.rows = drive.chunks.nvlink;
    senders.warps = crew.warps;
    senders.in_turn = kind != ExchangeKind::combine;
    senders.fence = drive.copy.fence;
    const Time one = chunk_rounds(drive, kind, flow, role, crew).round(meeting);
    const auto round = [one](int) { return one; };
    const Time look_at_head = load_trip(drive.copy, drive.clock, 0);
    const Time alone = chunk_period(senders, round) + look_at_head;
    senders.fence += met_fence(senders.fence / alone, drive.channels(), meeting);
    const double chunks = role.items / drive.channels() / crew.groups / senders.rows;
    return (chunk_period(senders, round) + look_at_head) * chunks;
}

// Rounds of a crew's warps; outputs of a reduction are dealt to them in turn.
double outputs_in_turn(const SmDrive& drive, const ExchangeRole& role, const Crew& crew) {
    return std::ceil(role.items / drive.channels() / (crew.groups * crew.warps));
}

// What a role's warps take for their rows while `meeting` groups of them share the SM's port.
Time warps_time(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role,
                const Crew& crew, int meeting) {
    if (flow.nodes == 1 && role.kind == RoleKind::send && drive.protocol.sms_per_channel == 2) {
        return node_send_time(drive, kind, flow, role, crew, meeting);
    }
    const double items_per_sm = role.items / drive.channels();
    const double in_step = crew.rows_per_flag > 0 ? std::min<double>(crew.warps, crew.rows_per_flag) : crew.warps;
    Time think = chain(drive, kind, flow, role, crew, drive.protocol.load_unroll);
    if (crew.rows_per_flag > 0) { think += drive.copy.flag_latency * (in_step / crew.rows_per_flag); }
    const Time service = port_share(drive, flow, role) * (in_step / items_per_sm);
    const double rounds =
        role.added_rows > 0 ? outputs_in_turn(drive, role, crew) : items_per_sm / (crew.groups * in_step);
    return shared_port_round(think, service, meeting) * rounds;
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
    if (role.added_rows > 0) { leg.chunks = outputs_in_turn(drive, role, crew); }
    leg.busy = max(shared_port, warps_time(drive, kind, flow, role, crew, crew.groups));
    return leg;
}

Time queues_time(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role) {
    if (role.items <= 0) { return Time::zero(); }
    const Crew crew = crew_of(drive, kind, flow, role.kind);
    return warps_time(drive, kind, flow, role, crew, crew.groups);
}

Time lone_queue(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role) {
    if (role.items <= 0) { return Time::zero(); }
    return warps_time(drive, kind, flow, role, crew_of(drive, kind, flow, role.kind), 1);
}

double rows_from_hbm(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role) {
    const bool rings = flow.nodes == 1 && role.added_rows > 0;  // exceed the L2
    return role.source_rows > 0 || rings ? 1 : fallen_out(drive.memory, waiting_share(drive, kind, flow, role.kind));
}

double puts_from_hbm(const SmDrive& drive, const ExchangeFlow& flow) {
    return fallen_out(drive.memory, 1 / put_chunks(drive, flow));
}

int pushing_warps(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role) {
    const Crew crew = crew_of(drive, kind, flow, role);
    return drive.channels() * crew.groups * crew.warps;
}

QueueSpread queues_of(const SmDrive& drive, const ExchangeFlow& flow) {
    const double channels = drive.channels(), passing = flow.nodes > 1 ? flow.relayed : flow.home_rows;
    return queue_spread(passing / channels, flow.copies / channels / flow.node_ranks, channels * flow.node_ranks);
}

double put_chunks(const SmDrive& drive, const ExchangeFlow& flow) {
    return std::max(1.0, flow.nic_out / drive.channels() / drive.chunks.rdma);
}

double sm_chunks(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role) {
    const double channels = drive.channels();
    const bool combine = kind == ExchangeKind::combine;
    double chunks = 1;
    if (flow.nodes == 1) {
        // Reducing warps take outputs in turn: the last of them starts when there are rows for all.
        const int turn = combine ? std::max(drive.chunks.nvlink, drive.protocol.node_warps - 1) : drive.chunks.nvlink;
        chunks = flow.copies / channels / flow.node_ranks / turn;
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
