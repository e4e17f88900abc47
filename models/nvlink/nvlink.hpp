// One GPU's NVLink port: all its links taken together, one wire per direction. What crosses it are payload bytes;
// headers are what packets of SM stores carry beside it.
#pragma once

#include "models/if/server.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

struct NvlinkParams {
    Bandwidth payload{};  // per direction, after headers
    Time latency{};       // a flag to a peer that polls its memory
};

struct NvlinkState {
    Server out, in;
    void reset(Time now) {
        out.reset(now);
        in.reset(now);
    }
};

struct NvlinkStats {
    Bytes out{}, in{};
};

// ModelError for a link without bandwidth, a switch_rate outside (0, 1] or a negative latency.
NvlinkParams nvlink_params(const NvlinkConfig& config);

// Sends `payload` from `when` on or as soon as the wire is free; returns when its last byte is visible remotely.
Time nvlink_send(const NvlinkParams& params, NvlinkState& state, NvlinkStats& stats, Bytes payload, Time when);
// The same for bytes that arrive: occupies the incoming wire, no further latency.
Time nvlink_receive(const NvlinkParams& params, NvlinkState& state, NvlinkStats& stats, Bytes payload, Time when);

}  // namespace tessera
