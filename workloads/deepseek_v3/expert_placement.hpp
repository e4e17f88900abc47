// Which rank holds which expert, with copies of the most popular ones where the configuration asks for them.
#pragma once

#include "sim/config/workload_config.hpp"

#include <vector>

namespace tessera::deepseek_v3 {

// An expert's copy: a slot of a rank.
struct ExpertSlot {
    int rank = 0, slot = 0;
    friend bool operator==(const ExpertSlot& a, const ExpertSlot& b) { return a.rank == b.rank && a.slot == b.slot; }
};

// By expert: where its copies are, at least one each; every rank has (experts + copies) / ranks slots.
//
// Without redundant experts, expert e is on rank e / (experts per rank). With them, as DeepSeek's expert-parallel load
// balancer does it (github.com/deepseek-ai/EPLB): if nodes hold whole groups of experts and an equal share of the
// copies, groups stay on their nodes, else the whole job counts as one node; within a node, one copy after the other
// goes to the expert with the most load per copy, then slots are dealt to ranks, heaviest first, each to the least
// loaded rank with a free slot. `popularity` (by expert, positive) is known to the balancer.
// ModelError for experts and copies that ranks cannot share evenly.
std::vector<std::vector<ExpertSlot>> place_experts(const ModelConfig& model, const ParallelConfig& parallel,
                                                   const std::vector<double>& popularity);

}  // namespace tessera::deepseek_v3
