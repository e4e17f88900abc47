// Times transfer loops on the device model. This header is free of SystemC.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_timer.hpp"
#include "sim/ir/transfer.hpp"

namespace tessera {

// From the first block's first instruction to the last one's end, as the loop's own clocks would show it; of `context`
// the clock and `exact` matter. Builds a device of its own. Throws ModelError for a loop or a system that cannot exist.
Time time_transfer(const SystemConfig& system, const TransferDesc& loop, const KernelContext& context);

}  // namespace tessera
