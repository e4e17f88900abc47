// What other readers and writers add to a dependent access's way to the memory.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

// Mean wait at a pseudo-channel while others keep it busy for `load` of the time (0 to 1): a queue with constant
// service, M/D/1, service x load / (2 (1 - load)), up to the wait of a lone reader beside SMs that read all they can
// (their requests are limited in number, so the queue is). H200 micro A.hbm_latency_under_load.
Time queue_wait(const HbmConfig& config, double load);

}  // namespace tessera
