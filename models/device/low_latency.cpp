#include "models/device/low_latency.hpp"

#include "models/nic/nic.hpp"
#include "models/nvlink/sm_stream.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

LowLatencyFlow low_latency_flow(const LowLatencyJob& job) {
    const bool fills = job.ranks <= job.ranks_per_node || job.ranks % job.ranks_per_node == 0;
    if (job.ranks < 1 || job.ranks_per_node < 1 || !fills) {
        throw ModelError("low-latency exchange: " + std::to_string(job.ranks) + " ranks do not fill nodes of " +
                         std::to_string(job.ranks_per_node));
    }
    LowLatencyFlow f;
    f.messages = static_cast<double>(job.tokens) * job.experts;
    f.own = f.messages / job.ranks;
    const int near = std::min(job.ranks, job.ranks_per_node);
    f.on_nvlink = job.over_nvlink ? f.messages * (near - 1) / job.ranks : 0;
    f.on_nic = f.messages - f.own - f.on_nvlink;
    const double sum = f.own + f.on_nvlink + f.on_nic;
    invariant(std::abs(sum - f.messages) <= 1e-9 * f.messages, "low-latency exchange: messages were lost");
    return f;
}

LowLatencyTime low_latency_time(const SystemConfig& s, const LowLatencyJob& job, Frequency clock) {
    if (job.tokens < 1 || job.experts < 1 || !(job.row > Bytes::zero())) {
        throw ModelError("low-latency exchange: nothing to send");
    }
    const LowLatencyFlow f = low_latency_flow(job);
    const NicParams nic = nic_params(s.nic);
    const auto size = [&](double messages) { return bytes(std::llround(messages * to_double(job.row))); };
    LowLatencyTime t;
    t.nic = nic_rows_time(nic, size(f.on_nic), size(f.on_nic), Time::zero());
    WireLoad load;
    load.written_out = load.written_in = size(f.on_nvlink);
    t.nvlink = wire_time(wire_params(s.nvlink), load, WireUser::sm);
    // Before: a token is read and written to the send buffer once per message; after: every message is read, and
    // written (dispatch) or added up into its token's row. All SMs take part, through L2.
    const SmLinkParams p = sm_link_params(s);
    const double tokens = static_cast<double>(job.tokens);
    const double reads = 2 * f.messages, writes = f.messages + (job.combine ? tokens : f.messages);
    const double port = to_double(job.row) * (reads / p.read.raw() + writes / p.write.raw()) / s.sm.count;
    t.local = cycles(port) / clock;
    const Time trip = p.l2_trip / clock + p.hbm_extra;
    const Time latency =
        max(f.on_nic > 0 ? nic.latency : Time::zero(), f.on_nvlink > 0 ? s.nvlink.order.flag : Time::zero());
    t.total = s.launch.kernel_latency + s.launch.drain + trip * 4.0 + t.local + latency + max(t.nic, t.nvlink);
    return t;
}

}  // namespace tessera
