#include "sim/replay/demand.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"

#include <algorithm>

namespace tessera {

std::string_view to_string(SharedResource r) {
    switch (r) {
        case SharedResource::hbm: return "hbm";
        case SharedResource::l2: return "l2";
        case SharedResource::nvlink_out: return "nvlink_out";
        case SharedResource::nvlink_in: return "nvlink_in";
        case SharedResource::nic_out: return "nic_out";
        case SharedResource::nic_in: return "nic_in";
    }
    throw InternalError("unknown shared resource");
}

Limiter limiter_of(SharedResource r) {
    switch (r) {
        case SharedResource::hbm: return Limiter::hbm;
        case SharedResource::l2: return Limiter::l2;
        case SharedResource::nvlink_out:
        case SharedResource::nvlink_in: return Limiter::nvlink;
        case SharedResource::nic_out:
        case SharedResource::nic_in: return Limiter::nic;
    }
    throw InternalError("unknown shared resource");
}

ResourceRates capacities(const SystemConfig& system, Frequency sm_clock) {
    // Kernels beside each other keep every slice busy: H200 micro D.tensor_load_throughput, 37.44 B/clk per SM from 132
    // SMs, where the vector loads that set the L2's rate reach 36.08 (C.l2_read). A main loop beside a reader
    // (H.pair) or a copy (overlap) takes 4,980 to 5,090 B/clk in all, against 4,942.
    constexpr double all_slices = 37.44 / 36.08;
    const double nvlink = payload_rate(system.nvlink).raw();
    const double nic = payload_rate(system.nic).raw();
    return {system.hbm.peak.raw() * system.hbm.read_efficiency,
            (system.l2.bandwidth * sm_clock).raw() * all_slices,
            nvlink,
            nvlink,
            nic,
            nic};
}

double mixed_rate(double write_share) {
    // H200 micro B.full, tma1d, 4 GiB: 4611 GB/s of reads, 3940 GB/s of a copy, half of whose accesses are writes.
    constexpr double lost_by_copies = 1 - 3940.0 / 4611.0;
    return 1 - lost_by_copies * 4 * write_share * (1 - write_share);
}

double write_share(const Traffic& traffic) {
    return traffic.hbm() > Bytes::zero() ? to_double(traffic.hbm_write) / to_double(traffic.hbm()) : 0.0;
}

ResourceRates demand(const Traffic& traffic, Time time, const ResourceRates& capacity) {
    invariant(time > Time::zero(), "demand of a kernel that takes no time");
    const double s = to_seconds(time);
    ResourceRates d = {to_double(traffic.hbm()) / s,      to_double(traffic.l2()) / s,
                       to_double(traffic.nvlink_out) / s, to_double(traffic.nvlink_in) / s,
                       to_double(traffic.nic_out) / s,    to_double(traffic.nic_in) / s};
    for (std::size_t r = 0; r < shared_resources; ++r) { d[r] = std::min(d[r], capacity[r]); }
    d[0] = std::min(d[0], capacity[0] * mixed_rate(write_share(traffic)));
    return d;
}

}  // namespace tessera
