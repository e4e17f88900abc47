#include "models/device/nccl.hpp"

#include "models/nvlink/sm_copy.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr double threads = 512;           // of a channel that copy (NCCL_MAX_NTHREADS, LL and Simple)
constexpr double ll_bytes = 8;            // data of a thread's turn, flags beside it
constexpr double slice = 2 * 512 * 1024;  // two of eight steps of a 4 MiB buffer
constexpr double p2p_slice = 512 * 1024;  // NCCL_P2P_NVL_CHUNKSIZE
constexpr double slices_per_chunk = 2;

// tuning.cc, Hopper on one node: microseconds, GB/s.
constexpr double ll_base = 6.6, simple_base = 8.4, ll_step = 0.6, simple_step = 3.4;
constexpr double channel_rate = 20, ll_rate_share = 0.5, ll_rate_limit = 141;
constexpr std::int64_t p2p_ll_limit = 16 * 1024;   // bytes to one peer per channel below which send/receive use LL
constexpr std::int64_t p2p_min_bytes = 64 * 1024;  // to one peer per channel before another channel is used

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

// Loading the work and the connections' addresses, four dependent round trips to memory at the most, and the flags of
// the first step; beside the launch itself.
Time kernel_start(const SystemConfig& s, Frequency clock) {
    return s.launch.kernel_latency + s.launch.drain + (s.l2.latency_far / clock + s.hbm.latency) * 4.0 +
           s.nvlink.order.flag;
}

Time ll_time(const SystemConfig& s, const NcclCall& c, const NcclFlow& f, Frequency clock) {
    const SmLinkParams p = sm_link_params(s);
    const Time turn = p.l2_trip / clock + p.loop_issue / clock;
    // Loads of a phase that only sends run ahead of each other: a line of four turns is in flight.
    const double per_turn = threads * ll_bytes * c.channels;
    const Time hop = p.store_trip * 0.5 + turn;
    return turn * ((f.turns + 0.25 * f.sends) / per_turn) + hop * static_cast<double>(f.steps);
}

Time simple_time(const SystemConfig& s, const NcclCall& c, const NcclFlow& f, Frequency clock) {
    const SmLinkParams p = sm_link_params(s);
    const NvlinkOrderConfig& o = s.nvlink.order;
    const WireParams wires = wire_params(s.nvlink);
    const double share = 1.0 / c.channels;
    const Time sync = o.fence_sys_block.peer_stores + o.flag;  // a slice is ordered, then announced
    Time total;
    for (const NcclPhase& phase : f.phases) {
        const Time port = cycles(share * (phase.read / p.read.raw() + phase.local / p.write.raw() +
                                          phase.remote / p.remote_store.raw())) /
                          clock;
        WireLoad load;
        load.written_out = load.written_in = bytes(std::llround(phase.remote));
        const Time served = wire_time(wires, load, WireUser::sm) * share;
        const double moved = (phase.local + phase.remote) * share;
        const double slices = std::max(1.0, moved / (is_p2p(c.op) ? p2p_slice : slice));
        const Time own = max(port - served, Time::zero()) + sync * slices;
        total += shared_port_round(own / slices, served / slices, c.channels) * slices;
    }
    // The first chunk's way through the ring, whose slices carry a flag each.
    const Time hop = o.flag + p.store_trip * 0.5;
    return total + o.flag * slices_per_chunk + (is_p2p(c.op) ? Time::zero() : hop * static_cast<double>(f.steps));
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
        return size / c.ranks <= static_cast<double>(p2p_ll_limit) * c.channels / 4 ? NcclProtocol::ll
                                                                                    : NcclProtocol::simple;
    }
    const double steps = c.op == NcclOp::all_reduce ? 2.0 * (c.ranks - 1) : c.ranks - 1;
    const double ratio = c.ranks / steps, bus = channel_rate * c.channels;
    const double ll = ll_base + steps * ll_step + size / (1e3 * ratio * std::min(ll_rate_limit, bus * ll_rate_share));
    const double simple = simple_base + steps * simple_step + size / (1e3 * ratio * bus);
    return ll < simple ? NcclProtocol::ll : NcclProtocol::simple;
}

Time nccl_time(const SystemConfig& system, const NcclCall& call, Frequency clock) {
    check(system, call);
    const NcclFlow flow = nccl_flow(call.op, call.ranks, to_double(call.size));
    const Time moving = nccl_protocol(call) == NcclProtocol::ll ? ll_time(system, call, flow, clock)
                                                                : simple_time(system, call, flow, clock);
    return kernel_start(system, clock) + moving;
}

int nccl_channels(const NcclCall& call, int coll, int p2p) {
    if (!is_p2p(call.op)) { return coll; }
    const double share = to_double(call.size) / call.ranks;
    const double per_peer = std::max(1.0, std::floor(share / p2p_min_bytes));
    const double wanted = per_peer * call.ranks;  // the own part is a send and a receive like the others
    return static_cast<int>(std::min<double>(p2p, wanted));
}

}  // namespace tessera
