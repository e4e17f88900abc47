// Measured memory-bound kernels (kernels.json, section I of micro.json) and attention kernels (kernels.json,
// flashmla.json) as kernel descriptions: the geometry of each case (grid, block, shared memory) and what its source
// does, never its time.
#pragma once

#include "sim/base/json.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::testing {

struct SiliconCase {
    std::string id, family;
    KernelDesc kernel;
    Frequency clock{};
    Time measured{};
    Time gap{};  // between kernels, part of the measured period
};

std::vector<SiliconCase> stream_cases_of_kernels(const JsonValue& document);
std::vector<SiliconCase> stream_cases_of_micro(const JsonValue& document);
std::vector<SiliconCase> attention_cases_of_kernels(const JsonValue& document);
std::vector<SiliconCase> attention_cases_of_flashmla(const JsonValue& document);

}  // namespace tessera::testing
