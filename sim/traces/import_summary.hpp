// What an import recognised, for people.
#pragma once

#include "sim/traces/workload.hpp"

namespace tessera::traces {

struct ImportShare {
    std::string what;
    std::int64_t kernels = 0;
    Time time{};
    double share = 0;  // of the time of all kernels
};

// By class; kernels that no rule names; kernels that one names but gives no shape, so that their recorded time stands.
// Each largest first.
struct ImportSummary {
    Time kernel_time{};            // sum over all kernels
    double named = 0, shaped = 0;  // shares of it: known to a rule; with a shape, so that the model can time it
    std::vector<ImportShare> classes, unknown, unshaped;
};
ImportSummary summarize(const ImportedWorkload& w);

}  // namespace tessera::traces
