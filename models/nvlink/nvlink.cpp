#include "models/nvlink/nvlink.hpp"

#include "sim/base/error.hpp"

namespace tessera {

NvlinkParams nvlink_params(const NvlinkConfig& config) {
    if (!(config.per_direction > Bandwidth::zero())) { throw ModelError("nvlink: per_direction must be positive"); }
    if (!(config.efficiency > 0 && config.efficiency <= 1)) {
        throw ModelError("nvlink: efficiency must be above 0 and at most 1");
    }
    if (config.latency < Time::zero()) { throw ModelError("nvlink: latency must not be negative"); }
    return {config.per_direction * config.efficiency, config.latency};
}

Time nvlink_time(const NvlinkParams& params, Bytes out, Bytes in) {
    return max(out / params.payload, in / params.payload);
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
