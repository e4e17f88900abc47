#include "models/nvlink/nvlink.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"

namespace tessera {

NvlinkParams nvlink_params(const NvlinkConfig& config) {
    if (!(config.per_direction > Bandwidth::zero())) { throw ModelError("nvlink: per_direction must be positive"); }
    if (!(config.switch_rate > 0 && config.switch_rate <= 1)) {
        throw ModelError("nvlink: switch_rate must be above 0 and at most 1");
    }
    if (config.order.flag < Time::zero()) { throw ModelError("nvlink: order.flag must not be negative"); }
    return {payload_rate(config), config.order.flag};
}

Time nvlink_send(const NvlinkParams& params, NvlinkState& state, NvlinkStats& stats, Bytes payload, Time when) {
    stats.out += payload;
    return state.out.serve(when, payload / params.payload) + params.latency;
}

Time nvlink_receive(const NvlinkParams& params, NvlinkState& state, NvlinkStats& stats, Bytes payload, Time when) {
    stats.in += payload;
    return state.in.serve(when, payload / params.payload);
}

}  // namespace tessera
