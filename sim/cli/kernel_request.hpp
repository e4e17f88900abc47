// A kernel described on the command line.
#pragma once

#include "sim/cli/arguments.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

struct KernelRequest {
    std::string title;  // "GEMM fp8_e4m3 4096 x 7168 x 2048, block_1x128_128x128 scales"
    KernelDesc kernel;
};

// Names of the kinds: gemm, attention, cast, transpose, swiglu, norm, copy.
std::vector<std::string> kernel_kinds();
std::vector<OptionSpec> kernel_options();

// Reads the shape options of `kind`. What is missing, out of range or belongs to another kind becomes a problem of
// `arguments`; the request is usable only if finish() does not throw.
KernelRequest kernel_request(const std::string& kind, Arguments& arguments, const SystemConfig& system);

}  // namespace tessera::cli
