// Who does what in an exchange: each role reads rows and writes rows, whoever drives it. Capabilities of the fabric
// take roles away; the driver (SMs or engines) turns what is left into legs of the pipeline.
#pragma once

#include "models/device/exchange_flow.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"

#include <vector>

namespace tessera {

enum class RoleKind : std::uint8_t { send, forward, receive };

struct ExchangeRole {
    RoleKind kind = RoleKind::send;
    double items = 0;         // rows the role handles one by one
    double read_rows = 0;     // loaded
    double written_rows = 0;  // stored, to this GPU or over NVLink
    double remote_rows = 0;   // of written_rows: over NVLink
    double added_rows = 0;    // input rows of reductions (FP32)
    double looked_at = 0;     // rows each group of warps inspects to find its own
    double source_rows = 0;   // of read_rows: distinct rows of the source tensor (HBM); the others come from L2
};

// How the fabric may help; taken from NvlinkConfig and NicConfig.
struct FabricHelp {
    SwitchParams nv_switch;
    bool in_network_reduce = false;
    bool direct_forward = false;  // rows pass between IB and NVLink without landing in a relay's memory
};
FabricHelp fabric_help(const SystemConfig& system);

std::vector<ExchangeRole> exchange_roles(ExchangeKind kind, const ExchangeFlow& flow, const FabricHelp& help);

// Bytes at HBM, L2 and the links: every row written lands in HBM (the rings of buffers exceed the L2), rows read from
// a buffer that was just filled come from L2, source rows come from HBM once.
Traffic exchange_traffic(const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles);

}  // namespace tessera
