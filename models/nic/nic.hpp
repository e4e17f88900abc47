// One GPU's network card and the fabric behind it (ConnectX-class, one card per GPU, rail-optimised leaf and spine):
// full duplex, payload rate after headers, one latency for the way through leaf and spine.
#pragma once

#include "models/if/server.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

struct NicParams {
    Bandwidth payload{};  // per direction, long messages
    Bandwidth rows{};     // per direction, messages of a few rows of an exchange
    Time read_trip{};     // read of the GPU's memory by the card
    Time latency{};       // one way
};

struct NicState {
    Server out, in;
    void reset(Time now) {
        out.reset(now);
        in.reset(now);
    }
};

struct NicStats {
    Bytes out{}, in{};
    std::int64_t messages = 0;
};

// ModelError for a card without bandwidth, a switch_rate outside (0, 1] or a negative latency.
NicParams nic_params(const NicConfig& config);

// Time that `out` and `in` payload bytes need; the directions are independent.
Time nic_time(const NicParams& params, Bytes out, Bytes in);
// The same in messages of a few rows each. The card has so many bytes of reads from the GPU's memory under way, enough
// for params.rows when a read takes read_trip: what takes `longer` slows it.
Time nic_rows_time(const NicParams& params, Bytes out, Bytes in, Time longer);

// One RDMA write: occupies the outgoing wire from `when` on; returns its arrival at the far card.
Time nic_write(const NicParams& params, NicState& state, NicStats& stats, Bytes payload, Time when);
// Bytes that arrive at `when`: occupy the incoming wire; returns when the last one is in memory.
Time nic_arrive(const NicParams& params, NicState& state, NicStats& stats, Bytes payload, Time when);

}  // namespace tessera
