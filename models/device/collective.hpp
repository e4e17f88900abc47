// Point-to-point transfers and ring collectives over the hierarchy of NVLink and NICs, driven by copy engines and RDMA
// (no SMs) or by SMs that copy.
#pragma once

#include "sim/base/units.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

// Payload bytes of one rank on each network, and the steps (hops that must follow each other).
struct CollectiveFlow {
    Bytes nvlink_out{}, nvlink_in{}, nic_out{}, nic_in{};
    Bytes added{};  // input bytes of reductions on this rank
    int nvlink_steps = 0, nic_steps = 0;
};

// The tensor has tokens x bytes_per_token bytes on each rank (all_gather: after the gather). Send and receive use the
// NIC if the ranks span nodes, else NVLink. All-reduce: reduce-scatter within the node, ring over nodes on the shard,
// all-gather within the node. ModelError for dispatch and combine, or ranks that do not fill their nodes.
CollectiveFlow collective_flow(const ExchangeDesc& exchange);

}  // namespace tessera
