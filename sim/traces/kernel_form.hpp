// Kernels in words that people write: {"kind": "per_token_cast", "rows": 4096, "cols": 7168}. Workload files hold them,
// rule files make them with formulas for the numbers. Each kind is one way of launching a kernel that the model knows;
// tensors follow from the shape and are named apart.
#pragma once

#include "sim/base/json_cursor.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::traces {

struct FormParameter {
    enum class Kind : std::uint8_t { integer, flag, choice, integers };
    std::string name;
    Kind kind = Kind::integer;
    bool required = false;
    std::vector<std::string> choices;  // of a choice, its default first
};

// Names of all kinds, sorted: "attention", "barrier", "broadcast_copy", ...
std::vector<std::string> form_kinds();
// What a kind takes, in the order of its use. InternalError for a kind that does not exist.
std::vector<FormParameter> form_parameters(const std::string& kind);

// The kernel of `form`, tensors not named. ConfigError with file and pointer: an unknown kind or member, a missing
// one, a number out of range; ModelError: a shape that no kernel of the kind has (kernel_desc.hpp's validate).
KernelDesc make_kernel(const JsonCursor& form);

}  // namespace tessera::traces
