// What microbenchmarks measure, asked of the device's units: each loop runs as a short program on an idle device.
// This header is free of SystemC. ModelError: outside what the units can represent.
#pragma once

#include "models/sm/probe_loops.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

// Cycles from the loop's first instruction to the completion of its last, on SMs 0..sms-1.
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const WgmmaLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const PromotionLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const TmaLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const MulticastLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const CudaLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const SmemLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const AtomicLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const BlockLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const FenceLoop& loop, int sms = 1);
double probe_cycles(const SystemConfig& system, Frequency sm_clock, const LoadedChase& loop, int sms = 1);

}  // namespace tessera
