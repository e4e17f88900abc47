// Payload rates of the links that follow from packets: the one home of what headers cost.
#pragma once

#include "sim/config/system_config.hpp"

namespace tessera {

// One GPU's NVLink, one direction, for stores of SMs in full packets; the links' rate where packets are not described.
Bandwidth payload_rate(const NvlinkConfig& config);

// One GPU's NIC, one direction, long messages in full packets, and no more than its PCIe link carries.
Bandwidth payload_rate(const NicConfig& config);

// The same while every message is a row or a chunk of a few rows.
Bandwidth row_rate(const NicConfig& config);

}  // namespace tessera
