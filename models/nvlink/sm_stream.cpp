#include "models/nvlink/sm_stream.hpp"

#include "models/nvlink/sm_copy.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr double lane_bytes = 16;
constexpr double warp_bytes = 32 * lane_bytes;

struct Turns {
    double count = 0;   // of each busy warp in a round
    int customers = 0;  // copies in flight on one SM
    double bytes = 0;   // of a customer's turn
    Time think{};       // latency of a turn
};

Time source_trip(const SmLinkParams& p, const StreamJob& job, Frequency clock) {
    const bool held = job.rounds > 1 && job.per_peer * static_cast<double>(job.peers) <= job.reused;
    return p.l2_trip / clock + (held ? Time::zero() : p.hbm_extra) + (job.pull ? p.load_trip : Time::zero());
}

// Each warp loads `unroll` steps, stores them, and goes on; for every peer in turn.
Turns load_store_turns(const SmLinkParams& p, const StreamJob& job, Frequency clock) {
    Turns t;
    const double mine = to_double(job.per_peer) / job.sms;  // of one peer
    const double steps = std::max(1.0, std::ceil(mine / (warp_bytes * job.crew.warps)));
    const double turns = std::ceil(steps / job.crew.unroll);
    t.customers = std::max(1, std::min(job.crew.warps, static_cast<int>(std::ceil(mine / warp_bytes))));
    t.count = turns * job.peers;
    t.bytes = mine / (turns * t.customers);
    t.think = source_trip(p, job, clock) + p.loop_issue / clock;
    return t;
}

// One thread of each warp keeps bulk copies in a ring: loads in flight, then stores. The slower of both paces it.
Turns bulk_turns(const SmLinkParams& p, const StreamJob& job, Frequency clock) {
    Turns t;
    const double chunks = std::ceil(job.per_peer / job.chunk) * job.peers;
    const int busy = std::max(1, std::min(job.crew.warps, static_cast<int>(std::ceil(chunks / job.sms))));
    const Time load = (source_trip(p, job, clock) + p.bulk_start) / static_cast<double>(job.crew.loads);
    const Time store = (job.pull ? p.l2_trip / clock : p.store_trip) / static_cast<double>(job.crew.stores);
    const double in_flight = load > store ? job.crew.loads : job.crew.stores;
    t.customers = static_cast<int>(busy * in_flight);
    t.bytes = to_double(job.chunk);
    t.count = std::ceil(chunks / (job.sms * busy)) / in_flight;
    t.think = max(load, store) * in_flight;
    return t;
}

// A pulling block's next round cannot ask the peer before the last one's stores are ordered.
Time fence_time(const SmLinkParams& p, const StreamJob& job, Frequency clock) {
    if (job.crew.bulk) {  // the ring runs empty and fills again; the last bytes are acknowledged
        const bool alone = job.per_peer * static_cast<double>(job.peers) <= job.chunk;
        const Time ordered = job.pull ? p.l2_trip / clock + (alone ? Time::zero() : nanoseconds(met_fence_ns))
                                      : p.store_trip - p.bulk_start;
        return source_trip(p, job, clock) + p.bulk_start + p.fence_idle + ordered;
    }
    return job.pull ? p.fence_local + p.l2_trip / clock + p.load_trip : p.fence_peer;
}

}  // namespace

SmLinkParams sm_link_params(const SystemConfig& system) {
    const NvlinkOrderConfig& o = system.nvlink.order;
    SmLinkParams p;
    p.read = system.l2.sm_port_read;
    p.write = system.l2.sm_port_write;
    p.remote_store = o.store;
    p.remote_bulk_store = o.bulk_store;
    p.l2_trip = 0.5 * (system.l2.latency_near + system.l2.latency_far);
    p.loop_issue = o.loop_issue;
    p.bulk_interval = system.tma.issue_interval;
    p.hbm_extra = system.hbm.latency;
    p.load_trip = o.load_trip;
    p.store_trip = o.store_trip;
    p.bulk_start = o.bulk_start;
    p.fence_idle = o.fence_sys.idle;
    p.fence_local = o.fence_sys_block.stores;
    p.fence_peer = o.fence_sys_block.peer_stores;
    const BytesPerCycle none = BytesPerCycle::zero();
    if (!(p.read > none) || !(p.write > none) || !(p.remote_store > none) || !(p.remote_bulk_store > none)) {
        throw ModelError("nvlink.order: the system does not say what an SM stores to a peer per clock");
    }
    return p;
}

double port_cycles_per_byte(const SmLinkParams& p, CopyTarget target, bool bulk) {
    const BytesPerCycle store = target == CopyTarget::local ? p.write : bulk ? p.remote_bulk_store : p.remote_store;
    return 1 / p.read.raw() + 1 / store.raw();
}

StreamTime stream_time(const SmLinkParams& p, const StreamJob& job, Time wire, Frequency clock) {
    if (job.sms < 1 || job.peers < 1 || job.rounds < 1 || !(job.per_peer > Bytes::zero()) ||
        (job.crew.bulk && !(job.chunk > Bytes::zero()))) {
        throw ModelError("a stream over NVLink needs SMs, peers, rounds and bytes");
    }
    const Turns t = job.crew.bulk ? bulk_turns(p, job, clock) : load_store_turns(p, job, clock);
    const CopyTarget target = job.pull ? CopyTarget::local : CopyTarget::peer;
    const Time port = cycles(t.bytes * port_cycles_per_byte(p, target, job.crew.bulk)) / clock;
    const double n = t.customers;
    // A ring's copies follow each other evenly; warps of a loop meet at the port by chance.
    const Time turn = job.crew.bulk ? max(t.think + port, port * n) : shared_port_round(t.think, port, t.customers);
    const double all = static_cast<double>(t.customers) * job.sms;
    const Time served = wire / (all * t.count);
    const Time shared =
        job.crew.bulk ? max(turn, served * all) : shared_port_round(turn, served, static_cast<int>(all));
    StreamTime out;
    const double fences = job.fenced ? job.rounds : 1;
    const Time ends = fence_time(p, job, clock) * (fences / job.rounds);
    out.sm_round = turn * t.count;
    out.wire = wire;
    out.round = shared * t.count + ends;
    // After a fence all start together: loads on their way, then the wires or the ports.
    if (job.fenced && !job.crew.bulk) { out.round = t.think + max(turn * t.count - t.think, wire) + ends; }
    return out;
}

}  // namespace tessera
