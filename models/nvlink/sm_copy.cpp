#include "models/nvlink/sm_copy.hpp"

#include "sim/base/error.hpp"

namespace tessera {

namespace {

constexpr std::int64_t warp_step = 32 * 16;  // bytes one warp moves with a 16-byte access per lane
constexpr double instructions_per_add = 3;   // two conversions of packed BF16 to FP32 per pair of adds, rounded up

}  // namespace

SmCopyParams sm_copy_params(const SystemConfig& system) {
    if (!(system.nvlink.per_sm > Bandwidth::zero())) {
        throw ModelError("nvlink: per_sm must be positive for copies that SMs drive");
    }
    if (!(system.power.max_clock > Frequency::zero())) { throw ModelError("power: max_clock must be positive"); }
    SmCopyParams p;
    p.push = bytes_per_cycle(system.nvlink.per_sm.raw() / system.power.max_clock.raw());
    p.read = system.l2.sm_port_read;
    p.add_lanes = system.sm.cuda.fp32_lanes;
    p.l2_trip = 0.5 * (system.l2.latency_near + system.l2.latency_far);
    p.hbm_extra = system.hbm.latency;
    p.flag_latency = system.nvlink.latency;
    p.fence = system.nvlink.order.fence_sys.peer_stores + system.nvlink.order.sync_turn;
    if (system.l2.sm_port_write > BytesPerCycle::zero()) {
        p.keep = bytes_per_cycle(1 / (1 / system.l2.sm_port_read.raw() + 1 / system.l2.sm_port_write.raw()));
    }
    p.issue_slots = system.sm.cuda.issue_slots;
    p.l1_trip = system.nvlink.order.l1_trip;
    p.dependent = system.sm.cuda.dependent_issue;
    if (!(p.read > BytesPerCycle::zero()) || !(p.add_lanes > 0)) {
        throw ModelError("l2.sm_port_read and sm.cuda.fp32_lanes must be positive for copies that SMs drive");
    }
    return p;
}

int copy_trips(const WarpCopy& copy, Bytes row) {
    const std::int64_t steps = row.raw() / warp_step, unroll = copy.unroll > 0 ? copy.unroll : 1;
    const std::int64_t tail = row.raw() % warp_step > 0 ? 1 : 0;
    return static_cast<int>(steps / unroll + steps % unroll + tail) + copy.extra_trips;
}

Time load_trip(const SmCopyParams& params, Frequency clock, bool from_hbm) {
    return params.l2_trip / clock + (from_hbm ? params.hbm_extra : Time::zero());
}

Time port_time(const SmCopyParams& params, Frequency clock, Bytes written, Bytes read, double added_elements) {
    const Time store = written / (params.push * clock);
    const Time load = read / (params.read * clock);
    const Time add = cycles(added_elements * instructions_per_add / params.add_lanes) / clock;
    return max(max(store, load), add);
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
