// Kernels that no one means: larger than the device's memory, or longer than any kernel runs.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

// ModelError if the kernel's tensors do not fit `system`'s HBM, or if it does more than 1e16 floating-point operations
// (about ten seconds on such a device): a mistake in its shape, and its tiles would take minutes to simulate.
void check_kernel_size(const KernelDesc& kernel, const SystemConfig& system);

}  // namespace tessera
