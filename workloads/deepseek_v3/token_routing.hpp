// Token-level routing: every token of every expert-parallel rank draws its experts, and the loads of ranks follow.
#pragma once

#include "sim/config/workload_config.hpp"

#include <cstdint>
#include <vector>

namespace tessera::deepseek_v3 {

// One MoE layer of one micro-batch on all expert ranks.
struct RoutedLayer {
    std::vector<std::vector<std::int64_t>> copies;         // token copies by rank and expert slot of that rank
    std::vector<std::int64_t> unique;                      // distinct tokens that a rank receives
    std::vector<std::int64_t> into_node;                   // tokens that reach a node from others, once each
    std::vector<double> ranks_per_token, nodes_per_token;  // by sending rank: distinct ones its tokens go to, mean
};

// Relative popularity of a layer's experts: i^-zipf for the i-th most popular one. Which expert is how popular is drawn
// anew for each layer, so that hot ranks differ between layers. Sum 1.
std::vector<double> expert_popularity(const ModelConfig& model, const RouterConfig& router, std::uint64_t layer);

// A token chooses groups_per_token groups, then experts_per_token experts of these groups, both without replacement, a
// group in proportion to the popularity of all its experts, an expert to its own (what top-k of logits with Gumbel
// noise chooses; the real router ranks groups by their two best experts). Copies of an expert take its tokens in turn.
// Deterministic in router.seed, `layer` and `draw` (which micro-batch). The last few answers are remembered.
// Every copy arrives: the sum of `copies` is tokens x ranks x experts_per_token. ModelError as place_experts().
const RoutedLayer& route_tokens(const WorkloadConfig& workload, std::uint64_t layer, std::uint64_t draw);

}  // namespace tessera::deepseek_v3
