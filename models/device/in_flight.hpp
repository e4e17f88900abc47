// The part of a low-latency exchange that runs while every SM computes: messages between the kernel that posted them
// and the one that takes them in (DeepEP's low-latency mode with a receive hook).
#pragma once

#include "models/switch/nv_switch.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"
#include "sim/ir/kernel_result.hpp"

namespace tessera {

// Rows of one token that one rank's networks carry. Every rank sends `tokens` x ranks_per_token rows; this one receives
// `unique_tokens` (dispatch) or returns them (combine). Peers are equally likely, so one row in `ranks` stays.
// - Within one node the rows cross NVLink, else all of them the NIC, within the node too: pure RDMA.
// - A fabric that forwards by itself carries one row per token and node between nodes, and copies it there; if it adds
//   up in the network, one row per token comes home from combine.
struct InFlightRows {
    double nic_out = 0, nic_in = 0, nvlink_out = 0, nvlink_in = 0;
};
InFlightRows in_flight_rows(const ExchangeDesc& exchange, const SystemConfig& system);

// Time of the busier network and one latency; both directions at once. ModelError: an exchange that is no dispatch or
// combine, ranks that do not fill nodes, nothing to send.
KernelResult in_flight(const ExchangeDesc& exchange, const SystemConfig& system, Frequency clock);

}  // namespace tessera
