// Which parts of a system can change a kernel's time: the capabilities of the proposals act only on kernels that ask
// for them. A kernel that does not use a capability is simulated on the system without it, so variants that differ
// only in unused capabilities share its result exactly.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

// Capabilities that a kernel description uses, as bits.
enum CapabilityUse : unsigned {
    uses_nothing = 0,
    uses_tma_cast = 1,          // GEMM whose TMA casts an operand
    uses_warp_cast = 2,         // cast instruction in a stream kernel or an epilogue
    uses_near_memory_cast = 4,  // an operand that logic beside the HBM casts
    uses_tensor_core = 8,       // the rate of the accumulators: any GEMM
    uses_transposed_read = 16,  // MN-major operand of an FP8 GEMM
    uses_fabric = 32,           // links, switch, co-processor: exchanges and barriers
    uses_group_scales = 64,     // FP8 GEMM with block scales
    uses_accumulators = 128,    // their width and energy, which no time depends on: see TimerPool
    all_capability_uses = 255
};
unsigned capability_use(const KernelDesc& kernel);

// A GEMM whose Tensor Cores multiply FP8, cast on the way or before.
bool multiplies_fp8(const KernelDesc& kernel);

// `system` with every capability that is not in `used` set to its default, off.
SystemConfig relevant_config(const SystemConfig& system, unsigned used);

}  // namespace tessera
