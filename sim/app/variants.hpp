// Which variants a comparison makes.
#pragma once

#include "sim/config/run_config.hpp"

#include <string>
#include <vector>

namespace tessera {

struct Variant {
    std::string id;  // "warp-cast", "all-but-warp-cast", "all", "warp-cast+transposed-gemm"
    std::vector<ProposalChoice> proposals;
};

// In this order: each alone, all but one, all together, extra combinations. A proposal that requires others takes
// them along; leaving one out also leaves out those that require it. Variants that come out alike are made once (with
// two proposals, all-but-one is the other alone). ConfigError for unknown proposals and, naming them, for proposals
// that are weighed together but conflict.
std::vector<Variant> variants_of(const CompareConfig& compare, const std::string& file);

}  // namespace tessera
