// DeepEP's low-latency kernels: every token's row goes straight to each of its experts' ranks by RDMA (and over NVLink
// within the node where that is allowed), nothing is forwarded or deduplicated. Used for decode.
#pragma once

#include "models/switch/nv_switch.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

struct LowLatencyJob {
    bool combine = false;
    std::int64_t tokens = 128;  // of this rank
    int experts = 8;            // per token
    Bytes row{};                // of one message, scales included
    int ranks = 8, ranks_per_node = 8;
    bool over_nvlink = false;  // within a node; else the NIC carries all but what stays on the rank
};

// What the NIC and the links of one rank carry; experts are equally likely.
struct LowLatencyFlow {
    double messages = 0, on_nic = 0, on_nvlink = 0, own = 0;
};
LowLatencyFlow low_latency_flow(const LowLatencyJob& job);

struct LowLatencyTime {
    Time total{}, nic{}, nvlink{}, local{};
};
// Send and receive together, as their published benchmark times them. ModelError for ranks that do not fill nodes or
// nothing to send.
LowLatencyTime low_latency_time(const SystemConfig& system, const LowLatencyJob& job, Frequency clock);

}  // namespace tessera
