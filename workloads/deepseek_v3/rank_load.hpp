// How many token copies the router sends to a rank, per layer pair: the only data-dependent size of the workload.
#pragma once

#include "sim/config/workload_config.hpp"

#include <cstdint>
#include <vector>

namespace tessera::deepseek_v3 {

// Expected numbers for one token under node-limited routing: the token's `experts_per_token` experts are drawn
// without replacement from the experts of `groups_per_token` of the `expert_groups` groups, each equally likely.
struct RoutingExpectation {
    double ranks_per_token = 0;  // distinct expert ranks that a token goes to
    double nodes_per_token = 0;  // distinct nodes
};
RoutingExpectation routing_expectation(const ModelConfig& model, const ParallelConfig& parallel);

// Rows of an expert are padded to the GEMM's tile height.
inline constexpr std::int64_t kRowAlignment = 128;

// One entry per iteration of the chunk pair. Rows are token copies after expansion to the rank's local experts,
// each expert padded to kRowAlignment; unique are the distinct tokens that the rank receives.
struct RankLoad {
    std::vector<std::int64_t> forward_rows, backward_rows;
    std::vector<std::int64_t> forward_unique, backward_unique;
    // Token-level routing only, else empty: rows of each local expert, and where this rank's own tokens go.
    std::vector<std::vector<std::int64_t>> forward_experts, backward_experts;
    std::vector<RoutingExpectation> forward_sent, backward_sent;
};

// The loads of the first `ranks` expert ranks. Balanced: every rank has the expected load. Seeded: each rank's
// rows are drawn around it with the relative standard deviation `spread`; the copies of all expert ranks together
// stay tokens x expert_ranks x experts_per_token. Tokens: as token_routing.hpp draws them. Given: rank 0 as given, the
// others seeded. Without experts all are 0. Deterministic.
// ModelError: `given` without one entry per layer, rows that no routing can produce, ranks outside 1..expert_ranks.
std::vector<RankLoad> rank_loads(const WorkloadConfig& workload, int ranks);

// Expected largest load of a node's relays over the mean. The ranks of a node share theirs, so that the spread of
// ranks falls with the root of their number; the expected maximum of as many normal variables as there are nodes
// (Blom's estimate). Token-level routing: of the tokens that reach each node from others, mean over layers. 1 for
// balanced loads or a single node.
double busiest_relay(const WorkloadConfig& workload);

// `rows` split over `experts` local experts as evenly as blocks of kRowAlignment allow (the router's balance
// within a rank is not observable from outside it); the sum is `rows`, and no expert is empty if `rows` has a block
// for each.
std::vector<std::int64_t> split_rows(std::int64_t rows, std::int64_t experts);

}  // namespace tessera::deepseek_v3
