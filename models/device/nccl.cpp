#include "models/device/nccl.hpp"

#include "models/nvlink/sm_copy.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr double threads = 512;                           // of a channel that copy (NCCL_MAX_NTHREADS, LL and Simple)
constexpr double ll_bytes = 8;                            // data of a thread's turn, flags beside it
constexpr double slice = 2 * 512 * 1024;                  // two of eight steps of a 4 MiB buffer
constexpr double slices_per_chunk = 2, buffer_steps = 8;  // NCCL_STEPS
constexpr int copy_warps = 16;
constexpr double turn_bytes = 4 * 512;  // a warp's turn: four loads of 16 bytes per lane in flight
// A slice of send/receive: NCCL_P2P_NVL_CHUNKSIZE, halved down to an eighth of a step while a channel's part has fewer
// than so many (as the steps of measured times between 4 and 64 MiB show).
constexpr double p2p_slice = 512 * 1024, p2p_least_slice = 64 * 1024, p2p_slices = 64;
constexpr double ll128_line = 128, ll128_flags = 8;  // bytes

// tuning.cc, Hopper on one node: microseconds, GB/s.
constexpr double ll_base = 6.6, ll128_base = 14.0, simple_base = 8.4, ll_step = 0.6, ll128_step = 1.9,
                 simple_step = 3.4;
constexpr double channel_rate = 20, ll_rate_share = 0.5, ll_rate_limit = 141, ll128_rate_share = 0.92;
constexpr double p2p_ll_limit = 16 * 1024;    // per channel, all of a peer's in use: up to here send/receive use LL
constexpr double p2p_least_part = 64 * 1024;  // to one peer per channel before another channel is used
// Of a ring's buffer per channel, likewise: seen in the library's own log, two ranks, 8 KiB to 512 KiB.
constexpr double ring_least_part = 8 * 1024;

bool is_p2p(NcclOp op) { return op == NcclOp::all_to_all; }

void check(const SystemConfig& system, const NcclCall& c) {
    if (c.ranks < 2 || c.channels < 1 || !(c.size > Bytes::zero())) {
        throw ModelError("a collective needs two ranks, a channel and bytes");
    }
    if (c.channels > system.sm.count) {
        throw ModelError("more communication channels (" + std::to_string(c.channels) + ") than SMs (" +
                         std::to_string(system.sm.count) + ")");
    }
}

// Loading the work and the connections' addresses by dependent round trips to memory, and the flags of the first step;
// beside the launch itself. Rings: four trips. Send/receive reads the list of works first, then for both directions the
// peer, its connection and its buffers.
Time kernel_start(const SystemConfig& s, bool p2p, Frequency clock) {
    return s.launch.kernel_latency + s.launch.drain + (s.l2.latency_far / clock + s.hbm.latency) * (p2p ? 10.0 : 4.0) +
           s.nvlink.order.flag;
}

// Channels that a ring uses: no more than the bytes are worth.
int ring_channels(const NcclCall& c) {
    return static_cast<int>(std::min<double>(c.channels, std::ceil(to_double(c.size) / ring_least_part)));
}

// Channels that carry what goes to one peer. While all peers' together fit, each peer (the own part is one of them) has
// channels of its own; then all share all.
struct P2pChannels {
    int per_peer = 1;
    bool apart = false;
};
P2pChannels p2p_channels(const NcclCall& c) {
    const double wanted = std::max(1.0, std::floor(to_double(c.size) / c.ranks / p2p_least_part));
    P2pChannels p;
    p.apart = wanted * c.ranks <= c.channels;
    p.per_peer = p.apart ? static_cast<int>(wanted) : c.channels;
    return p;
}

// Turns of the channels meet on the wires, which carry a flag beside each word.
Time ll_time(const SystemConfig& s, const NcclCall& c, const NcclFlow& f, Frequency clock) {
    const SmLinkParams p = sm_link_params(s);
    const Time turn = p.l2_trip / clock + p.loop_issue / clock;
    // Loads of a phase that only sends run ahead of each other: a line of four turns is in flight.
    const int channels = is_p2p(c.op) ? c.channels : ring_channels(c);
    const double turns = (f.turns + 0.25 * f.sends) / (threads * ll_bytes * channels);
    double remote = 0;
    for (const NcclPhase& phase : f.phases) { remote += phase.remote; }
    WireLoad load;
    load.written_out = load.written_in = bytes(std::llround(2 * remote));
    const Time served = wire_time(wire_params(s.nvlink), load, WireUser::sm) / (channels * turns);
    const Time met = shared_port_round(max(turn - served, Time::zero()), served, channels);
    const Time hop = p.store_trip * 0.5 + turn;
    return met * turns + hop * static_cast<double>(f.steps);
}

// What a phase of all channels takes on their ports and on the wires.
struct PhaseTime {
    Time port{}, wire{};
};
PhaseTime phase_time(const SystemConfig& s, const NcclPhase& phase, int channels, Frequency clock) {
    const SmLinkParams p = sm_link_params(s);
    const double turns = std::max(1.0, std::max(phase.remote, phase.local) / channels / (copy_warps * turn_bytes));
    const Time all =
        cycles((phase.read / p.read.raw() + phase.local / p.write.raw() + phase.remote / p.remote_store.raw()) /
               channels) /
        clock;
    PhaseTime t;
    const Time trip = p.l2_trip / clock + p.hbm_extra;
    t.port = shared_port_round(trip, all / (turns * copy_warps), copy_warps) * turns;
    WireLoad load;
    load.written_out = load.written_in = bytes(std::llround(phase.remote));
    t.wire = wire_time(wire_params(s.nvlink), load, WireUser::sm);
    return t;
}

// A slice beside its bytes: a barrier, the fence before its flag, which meets those of other channels.
Time slice_sync(const SystemConfig& s, const NcclCall& c, bool sends, Frequency clock) {
    const NvlinkOrderConfig& o = s.nvlink.order;
    const Time load = sm_link_params(s).l2_trip / clock + s.hbm.latency;  // to look for the other's flag
    const Time fence = sends ? o.fence_sys_block.peer_stores : o.fence_sys_block.stores;
    return load + o.sync_turn + fence + (c.channels > 1 ? nanoseconds(met_fence_ns) : Time::zero());
}

// A flag on its way while nobody fences.
Time flag_trip(const SystemConfig& s) { return s.nvlink.order.flag - s.nvlink.order.fence_sys.idle; }

// Channels start in step: all of them fence while the wires are idle. They drift apart as far as their buffers let
// them run ahead; from then on one's fences hide behind the others' bytes.
Time drifting(Time own, Time paced, Time sync, double slices) {
    return max(own + sync, paced + sync * (std::min(slices, buffer_steps) / slices));
}

Time ring_time(const SystemConfig& s, const NcclCall& c, const NcclFlow& f, Frequency clock) {
    Time own, paced, sync;
    double slices = 0;
    for (const NcclPhase& phase : f.phases) {
        const PhaseTime t = phase_time(s, phase, c.channels, clock);
        const double part = std::max(phase.remote, phase.local) / c.channels;
        const double count = std::max(slices_per_chunk, part / slice);
        own += t.port;
        paced += max(t.port, t.wire);
        sync += slice_sync(s, c, phase.remote > 0, clock) * count;
        slices += count;
    }
    return drifting(own, paced, sync, slices) + flag_trip(s) * static_cast<double>(f.steps);
}

// The own part, then (or beside it, on other channels) warps that send and warps that receive. The last slice is copied
// out of its buffer when it is there.
Time p2p_time(const SystemConfig& s, const NcclCall& c, const NcclFlow& f, Frequency clock) {
    const P2pChannels p = p2p_channels(c);
    const int channels = p.apart ? p.per_peer * (c.ranks - 1) : c.channels;
    const double part = f.phases.back().remote / channels;
    double piece = p2p_slice;
    while (piece > p2p_least_slice && part < p2p_slices * piece) { piece /= 2; }
    const double slices = std::max(1.0, part / piece);
    const Time own = phase_time(s, f.phases.front(), p.apart ? p.per_peer : channels, clock).port;
    const PhaseTime t = phase_time(s, f.phases.back(), channels, clock);
    const PhaseTime last = phase_time(s, {part / slices, part / slices, 0}, 1, clock);
    const Time sync = slice_sync(s, c, true, clock) * slices;
    const Time moving = drifting(t.port, max(t.port, t.wire + last.port), sync, slices) + flag_trip(s);
    return p.apart ? max(own, moving) : own + moving;
}

// NCCL's own latencies, our wires.
Time ll128_time(const SystemConfig& s, const NcclCall& c, const NcclFlow& f, Frequency clock) {
    Time total = microseconds(ll128_base + ll128_step * f.steps);
    for (const NcclPhase& phase : f.phases) {
        const PhaseTime t = phase_time(s, phase, c.channels, clock);
        total += max(t.port, t.wire * (ll128_line / (ll128_line - ll128_flags)));
    }
    return total;
}

}  // namespace

double NcclFlow::moved() const {
    double sum = 0;
    for (const NcclPhase& p : phases) { sum += p.local + p.remote; }
    return sum;
}

NcclFlow nccl_flow(NcclOp op, int ranks, double size) {
    const double part = size / ranks;
    const NcclPhase send{part, 0, part}, add_send{2 * part, 0, part}, add{2 * part, part, 0}, receive{part, part, 0};
    const NcclPhase pass{part, part, part};  // to the own output and to the next rank
    const auto times = static_cast<std::size_t>(ranks);
    NcclFlow f;
    f.steps = ranks - 1;
    switch (op) {
        case NcclOp::all_gather:
            f.phases.assign(times - 1, pass);
            f.phases.push_back(receive);
            f.turns = size;
            break;
        case NcclOp::reduce_scatter:
            f.phases = {send};
            f.phases.insert(f.phases.end(), times - 2, add_send);
            f.phases.push_back(add);
            f.turns = size - part;
            f.sends = part;
            break;
        case NcclOp::all_reduce:
            f.steps = 2 * (ranks - 1);
            f.phases = {send};
            f.phases.insert(f.phases.end(), times - 2, add_send);
            f.phases.push_back({2 * part, part, part});
            f.phases.insert(f.phases.end(), times - 2, pass);
            f.phases.push_back(receive);
            f.turns = 2 * size - 2 * part;
            f.sends = part;
            break;
        case NcclOp::all_to_all:  // the own part first; then warps that send and warps that receive side by side
            f.phases = {receive, {2 * (size - part), size - part, size - part}};
            f.steps = 1;
            f.turns = size;
            f.sends = size - part;
            break;
    }
    return f;
}

NcclProtocol nccl_protocol(const NcclCall& c) {
    const double size = to_double(c.size);
    if (is_p2p(c.op)) {
        const double each = std::max(1.0, static_cast<double>(c.channels) / c.ranks);
        return size / c.ranks / each <= p2p_ll_limit ? NcclProtocol::ll : NcclProtocol::simple;
    }
    const double steps = c.op == NcclOp::all_reduce ? 2.0 * (c.ranks - 1) : c.ranks - 1;
    const double ratio = c.ranks / steps, bus = channel_rate * c.channels;
    const double ll = ll_base + steps * ll_step + size / (1e3 * ratio * std::min(ll_rate_limit, bus * ll_rate_share));
    const double simple = simple_base + steps * simple_step + size / (1e3 * ratio * bus);
    const double ll128 = ll128_base + steps * ll128_step + size / (1e3 * ratio * bus * ll128_rate_share);
    if (ll <= std::min(ll128, simple)) { return NcclProtocol::ll; }
    return ll128 < simple ? NcclProtocol::ll128 : NcclProtocol::simple;
}

Time nccl_time(const SystemConfig& system, const NcclCall& call, Frequency clock) {
    check(system, call);
    const NcclFlow flow = nccl_flow(call.op, call.ranks, to_double(call.size));
    const NcclProtocol protocol = nccl_protocol(call);
    if (protocol == NcclProtocol::ll128) { return ll128_time(system, call, flow, clock); }
    const Time moving = protocol == NcclProtocol::ll ? ll_time(system, call, flow, clock)
                        : is_p2p(call.op)            ? p2p_time(system, call, flow, clock)
                                                     : ring_time(system, call, flow, clock);
    return kernel_start(system, is_p2p(call.op), clock) + moving;
}

int nccl_blocks(const NcclCall& c) {
    if (!is_p2p(c.op)) { return ring_channels(c); }
    const P2pChannels p = p2p_channels(c);
    return p.apart ? (c.ranks - 1) * (c.channels / c.ranks) + p.per_peer : c.channels;
}

}  // namespace tessera
