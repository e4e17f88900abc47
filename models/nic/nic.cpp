#include "models/nic/nic.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"

namespace tessera {

NicParams nic_params(const NicConfig& config) {
    if (!(config.per_gpu > Bandwidth::zero())) { throw ModelError("nic: per_gpu must be positive"); }
    if (!(config.switch_rate > 0 && config.switch_rate <= 1)) {
        throw ModelError("nic: switch_rate must be above 0 and at most 1");
    }
    if (config.latency < Time::zero()) { throw ModelError("nic: latency must not be negative"); }
    return {payload_rate(config), row_rate(config), config.read_trip, config.latency};
}

Time nic_time(const NicParams& params, Bytes out, Bytes in) { return max(out / params.payload, in / params.payload); }

Time nic_rows_time(const NicParams& params, Bytes out, Bytes in, Time longer) {
    const double slower = params.read_trip > Time::zero() ? 1 + longer / params.read_trip : 1;
    return max(out / params.rows * slower, in / params.rows);
}

Time nic_write(const NicParams& params, NicState& state, NicStats& stats, Bytes payload, Time when) {
    stats.out += payload;
    ++stats.messages;
    return state.out.serve(when, payload / params.payload) + params.latency;
}

Time nic_arrive(const NicParams& params, NicState& state, NicStats& stats, Bytes payload, Time when) {
    stats.in += payload;
    return state.in.serve(when, payload / params.payload);
}

}  // namespace tessera
