#include "models/sm/program_registry.hpp"

#include "sim/base/error.hpp"

#include <string>

namespace tessera {

std::unique_ptr<Program> make_program(const KernelDesc& kernel, const RunScope& scope, Units& units) {
    (void)scope;
    (void)units;
    throw ModelError("no program of the SMs represents a kernel of kind " + std::string(kind_name(kernel)));
}

}  // namespace tessera
