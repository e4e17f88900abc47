// Which program runs which kernel: one line per alternative of KernelDesc.
#pragma once

#include "models/if/program.hpp"

namespace tessera {

// Throws ModelError naming the kernel's kind if no program on the SMs represents it.
std::unique_ptr<Program> make_program(const KernelDesc& kernel, const RunScope& scope, Units& units);

}  // namespace tessera
