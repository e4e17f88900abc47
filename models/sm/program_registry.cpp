#include "models/sm/program_registry.hpp"

#include "models/sm/attention_program.hpp"
#include "models/sm/gemm_program.hpp"
#include "models/sm/stream_program.hpp"
#include "sim/base/error.hpp"

#include <string>

namespace tessera {

std::unique_ptr<Program> make_program(const KernelDesc& kernel, const RunScope& scope, Units& units) {
    if (std::holds_alternative<AttentionDesc>(kernel)) { return make_attention_program(kernel, scope, units); }
    if (std::holds_alternative<GemmDesc>(kernel)) { return make_gemm_program(kernel, scope, units); }
    if (std::holds_alternative<StreamDesc>(kernel)) { return make_stream_program(kernel, scope, units); }
    throw ModelError("no program of the SMs represents a kernel of kind " + std::string(kind_name(kernel)));
}

}  // namespace tessera
