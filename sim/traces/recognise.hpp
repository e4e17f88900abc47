// Rules applied to recorded kernels: role, class and shape of each.
#pragma once

#include "sim/base/json.hpp"
#include "sim/traces/recorded_trace.hpp"
#include "sim/traces/rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::traces {

// Where the user's program launched a kernel.
struct LaunchPlace {
    std::string region;  // innermost named range; empty: none
    int instance = -1;   // number of that range among all; -1: none
    int iteration = 0;   // how often a range of that name came before
};

struct Recognised {
    bool known = false;  // a rule names it
    std::string role, op_class;
    TaskPass pass = TaskPass::other;
    std::optional<JsonValue> kernel;  // its shape; none: known by name only
    int sms = 0;
    bool communication = false;
    std::string problem;  // why it has no shape though its rule gives one
};

// `kernels` in the order of their launch, `places` beside them. The n-th kernel that a rule matches in one instance of
// a region takes the rule's n-th role there. Rules of earlier files come first. Names in formulas: grid_x, grid_y,
// grid_z, block_x, block_y, block_z, blocks, threads, registers, smem, bytes, device_sms; the constants; what the
// pattern captured; `let`; and what kernels of the same iteration `set` (a name that two of them set differently has no
// value).
std::vector<Recognised> recognise(const std::vector<RuleFile>& files, const std::vector<RecordedKernel>& kernels,
                                  const std::vector<LaunchPlace>& places, const NameTable& names, int device_sms);

}  // namespace tessera::traces
