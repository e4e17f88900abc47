// What communication takes from a kernel beside it, each cause apart: SMs, the clock, HBM and L2, and the SM's own way
// to the network.
//
// - SMs that communicate are lost: the kernel's units of work need more waves.
// - Copies read their source from HBM and arriving ones write to it; the kernel has what they leave.
// - A working set that L2 holds is lost to the lines of bulk copies and copy engines (H200 NVLink section E: the
//   same bytes by plain loads and stores leave it alone).
// - Requests of an SM leave in order: a kernel whose own SMs send by bulk copies waits behind stores that the link
//   holds back.
// Compute that lives in shared memory feels the first alone (measured: within 1 %).
#pragma once

#include "models/nvlink/wire.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

enum class ComputeKind { tensor, tensor_fed, hbm, l2 };  // tensor_fed: operands come by bulk loads
enum class Sender { none, sm_bulk, sm_plain, sm_bulk_and_copy, engine, fused };

struct BesideCase {
    ComputeKind compute = ComputeKind::tensor;
    double units = 0;  // of work, dealt out to the SMs in turn
    int sms = 0;       // that compute
    Sender sender = Sender::none;
    Bandwidth sent{}, arriving{};  // payload while it lasts
    bool paced = false;            // fused: the sender pauses, so that one store at most is held back
    double lasts = 1e9;            // communication, in times that the kernel takes alone
};

struct Slowdown {
    double total = 1;                       // at equal clocks
    double sms = 1, memory = 1, queue = 1;  // factors while communication lasts
};

// Against the same work on all SMs alone. ModelError for a case without SMs or work.
Slowdown slowdown_beside(const SystemConfig& system, const BesideCase& beside, Frequency clock);

}  // namespace tessera
