#include "models/nvlink/sm_copy.hpp"

#include "sim/base/error.hpp"

namespace tessera {

namespace {

constexpr std::int64_t warp_step = 32 * 16;  // bytes one warp moves with a 16-byte access per lane
constexpr double instructions_per_add = 3;   // two conversions of packed BF16 to FP32 per pair of adds, rounded up

}  // namespace

SmCopyParams sm_copy_params(const SystemConfig& system) {
    const NvlinkOrderConfig& order = system.nvlink.order;
    SmCopyParams p;
    p.link = sm_link_params(system);
    p.push = bytes_per_cycle(1 / port_cycles_per_byte(p.link, CopyTarget::peer, false));
    p.keep = bytes_per_cycle(1 / port_cycles_per_byte(p.link, CopyTarget::local, false));
    p.add_lanes = system.sm.cuda.fp32_lanes;
    p.flag_latency = order.flag + order.fence_sys.peer_stores - order.fence_sys.idle;
    p.fence = order.fence_sys.peer_stores + order.sync_turn;
    p.issue_slots = system.sm.cuda.issue_slots;
    p.l1_trip = order.l1_trip;
    p.dependent = system.sm.cuda.dependent_issue;
    if (!(p.add_lanes > 0)) { throw ModelError("sm.cuda.fp32_lanes must be positive for copies that SMs drive"); }
    return p;
}

int copy_trips(const WarpCopy& copy, Bytes row) {
    const std::int64_t steps = row.raw() / warp_step, unroll = copy.unroll > 0 ? copy.unroll : 1;
    const std::int64_t tail = row.raw() % warp_step > 0 ? 1 : 0;
    return static_cast<int>(steps / unroll + steps % unroll + tail) + copy.extra_trips;
}

Time load_trip(const SmCopyParams& params, Frequency clock, double from_hbm, Time wait) {
    return params.link.l2_trip / clock + (params.link.hbm_extra + wait) * from_hbm;
}

Time port_time(const SmCopyParams& params, Frequency clock, const PortWork& work) {
    const SmLinkParams& p = params.link;
    const Time moving =
        work.read / (p.read * clock) + work.local / (p.write * clock) + work.remote / (p.remote_store * clock);
    return max(moving, cycles(work.added * instructions_per_add / params.add_lanes) / clock);
}

Time shared_port_round(Time think, Time service, int groups) {
    double queue = 0;
    double round = 0;
    for (int n = 1; n <= groups; ++n) {
        const double residence = to_seconds(service) * (1 + queue);
        round = to_seconds(think) + residence;
        queue = round > 0 ? n * residence / round : 0;
    }
    return seconds(round);
}

}  // namespace tessera
