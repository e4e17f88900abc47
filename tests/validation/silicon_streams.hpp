// Measured stream kernels (kernels.json, section I of micro.json) as kernel descriptions: the geometry of each case
// (grid, block, shared memory) and what its source does, never its time.
#pragma once

#include "sim/base/json.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::testing {

struct StreamCase {
    std::string id, family;
    StreamDesc kernel;
    Frequency clock{};
    Time measured{};
    Time gap{};  // between kernels, part of the measured period
};

std::vector<StreamCase> stream_cases_of_kernels(const JsonValue& document);
std::vector<StreamCase> stream_cases_of_micro(const JsonValue& document);

}  // namespace tessera::testing
