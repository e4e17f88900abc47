// One GPU's NVLink port: all its links taken together, one wire per direction. What crosses it are payload bytes;
// headers and flow control are in the efficiency.
#pragma once

#include "models/if/server.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

struct NvlinkParams {
    Bandwidth payload{};  // per direction, after headers and flow control
    Time latency{};       // store to remote visibility
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

// ModelError for a link without bandwidth, an efficiency outside (0, 1] or a negative latency.
NvlinkParams nvlink_params(const NvlinkConfig& config);

// Time that `out` and `in` bytes need; the directions are independent (measured: pushing both ways at once costs
// 1 to 2 %, nvlink_2gpu.json C bi1 against uni1).
Time nvlink_time(const NvlinkParams& params, Bytes out, Bytes in);

// Sends `payload` from `when` on or as soon as the wire is free; returns when its last byte is visible remotely.
Time nvlink_send(const NvlinkParams& params, NvlinkState& state, NvlinkStats& stats, Bytes payload, Time when);
// The same for bytes that arrive: occupies the incoming wire, no further latency.
Time nvlink_receive(const NvlinkParams& params, NvlinkState& state, NvlinkStats& stats, Bytes payload, Time when);

}  // namespace tessera
