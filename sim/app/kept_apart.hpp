// Which kernels software leaves apart where the hardware would let it fuse them into their readers.
#pragma once

#include "sim/app/kernel_book.hpp"
#include "sim/ir/pass.hpp"

namespace tessera {

// Makes the choice that `passes` offer (GraphPass::offers_choice) as an autotuner does, from the times of both forms:
// `graph`, of rank 0 before any pass, is lowered with every kernel fused, then role by role with that role apart; a
// role stays apart if that shortens the sum of the compute streams' kernels, each alone on its stream's SMs at the
// sustained clock. Repeated until nothing changes, because kernels that feed one reader depend on each other. Empty if
// no pass offers a choice. The book's clock is set; its prices are those of a run that begins at the sustained clock.
KeptApart kept_apart(const TaskGraph& graph, const PassList& passes, const SystemConfig& system, KernelBook& book);

}  // namespace tessera
