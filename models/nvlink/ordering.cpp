#include "models/nvlink/ordering.hpp"

#include "models/nvlink/sm_stream.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr int large_block = 128;  // threads
constexpr double lane_bytes = 16;

Time l2_trip(const SystemConfig& s, Frequency clock) { return 0.5 * (s.l2.latency_near + s.l2.latency_far) / clock; }

void require(Time value, const char* what) {
    if (!(value > Time::zero())) { throw ModelError(std::string("nvlink.order.") + what + " is not given"); }
}

}  // namespace

Time load_latency(const SystemConfig& s, Frequency clock, HeldIn held, bool peer) {
    if (held == HeldIn::l1) {
        const Cycles trip = peer ? s.nvlink.order.l1_peer : s.nvlink.order.l1_trip;
        require(trip / clock, "l1_trip");
        return trip / clock;
    }
    if (peer) { require(s.nvlink.order.load_trip, "load_trip"); }
    return l2_trip(s, clock) + (held == HeldIn::hbm ? s.hbm.latency : Time::zero()) +
           (peer ? s.nvlink.order.load_trip : Time::zero());
}

Time atomic_latency(const SystemConfig& s, Frequency clock, bool peer) {
    if (peer) { return load_latency(s, clock, HeldIn::l2, true); }
    require(s.nvlink.order.atomic / clock, "atomic");
    return s.nvlink.order.atomic / clock;
}

Time fence_turn(const SystemConfig& s, Frequency clock, FenceScope scope, int threads, int stores, bool peer) {
    const NvlinkOrderConfig& o = s.nvlink.order;
    require(o.sync_turn, "sync_turn");
    const bool large = threads >= large_block;
    const FenceConfig& f = scope == FenceScope::gpu ? (large ? o.fence_gpu_block : o.fence_gpu)
                                                    : (large ? o.fence_sys_block : o.fence_sys);
    Time fence;
    if (scope != FenceScope::none) { fence = stores == 0 ? f.idle : peer ? f.peer_stores : f.stores; }
    if (stores == 0) { return fence; }
    const BytesPerCycle rate = peer ? sm_link_params(s).remote_store : s.l2.sm_port_write;
    const Time port = bytes(static_cast<std::int64_t>(lane_bytes) * threads * stores) / rate / clock;
    return max(o.sync_turn, port) + fence;
}

double reductions_per_second(const SystemConfig& s, Frequency clock, const Reductions& w) {
    const NvlinkOrderConfig& o = s.nvlink.order;
    require(o.reduction_issue / clock, "reduction_issue");
    const double all = static_cast<double>(w.blocks) * w.threads * w.each;
    const double sms = std::min(w.blocks, s.sm.count);
    const Time issue = o.reduction_issue / clock * (all / 32 / sms);
    const Frequency unit = w.one_word ? (w.peer ? o.reductions_peer_word : o.reductions_word)
                                      : (w.peer ? o.reductions_peer : Frequency::zero());
    // Words side by side in the own L2: each slice adds a sector of eight words per clock.
    const double rate = unit > Frequency::zero() ? unit.raw() : 8.0 * s.l2.slices * clock.raw();
    const FenceConfig& f = w.threads >= large_block ? o.fence_sys_block : o.fence_sys;
    const Time last = w.one_word || w.peer ? f.peer_stores : Time::zero();
    return all / to_seconds(max(issue, seconds(all / rate)) + last);
}

Time signal_latency(const SystemConfig& s, Frequency clock, Signal how, Bytes payload, int threads) {
    const NvlinkOrderConfig& o = s.nvlink.order;
    require(o.flag, "flag");
    Time time = o.flag;
    if (how == Signal::fence_then_store) { time += o.fence_sys.idle; }
    if (how == Signal::peer_polls_remotely) {
        time = o.fence_sys.idle + l2_trip(s, clock) + load_latency(s, clock, HeldIn::l2, true);
    }
    if (payload > Bytes::zero()) {
        const double turns = std::ceil(to_double(payload) / (lane_bytes * std::max(1, threads)));
        const Time port =
            cycles(to_double(payload) * port_cycles_per_byte(sm_link_params(s), CopyTarget::peer, false)) / clock;
        time += l2_trip(s, clock) * turns + port + (o.fence_sys.peer_stores - o.fence_sys.idle);
    }
    return time;
}

}  // namespace tessera
