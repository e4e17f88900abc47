// Which operands L2 still holds when a kernel starts.
#pragma once

#include "sim/ir/pass.hpp"

namespace tessera {

// Sets Operand::l2_resident of everything the tasks read, from the reuse distance in bytes: L2 as one
// least-recently-used store of `capacity x effective_capacity` bytes, tensors walked front to back by every kernel.
// An operand is there (1) if it and everything touched since its last use fit, else it counts as gone (0): once it
// does not fit, reading its lost start pushes out the rest before it is reached. Silicon shows that edge (H200
// micro C.capacity_read, fixed slices: all hits at 52 MiB, none at 60 MiB). What a kernel displaces while it runs
// is the kernel model's part.
//
// Tasks of the communication streams have a store of their own: they run beside many compute kernels, so no order
// of bytes between the two can be stated; a tensor that crosses counts as gone.
class L2ResidencyPass : public GraphPass {
public:
    std::string_view name() const override { return "l2-residency"; }
    TaskGraph run(TaskGraph graph, const SystemConfig& system) const override;
};

// `graph` with the residency of `reference`, a graph of the same tasks on other row counts: for ranks whose kernels
// are to differ from rank 0's in nothing but their rows. InternalError if the tasks differ.
TaskGraph with_residency_of(TaskGraph graph, const TaskGraph& reference);

}  // namespace tessera
