// Bandwidth items of micro.json (sections B and C): streams of a given number of SMs and bytes in flight.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

namespace tessera::measured {

// An item as a stream kernel, one persistent thread block per SM; fills launches, payload, unit, measured and clock.
// The item's own rate is net of launch and drain (its clock runs inside the kernel). ModelError for what a kernel
// cannot show (copies by the driver, the capacity edge of L2).
void read_bandwidth(const JsonCursor& item, Case& out);

}  // namespace tessera::measured
