// Tokens of mixture-of-experts layers on a fabric: who sends what to whom under node-limited routing.
#pragma once

#include "models/network/folded.hpp"

namespace tessera::network {

// Experts of each token of one rank, `top_k` of them one after another.
struct Routing {
    int experts = 256, top_k = 8;
    std::vector<int> expert_of;
    std::int64_t tokens() const { return static_cast<std::int64_t>(expert_of.size()) / top_k; }
};

// Copies that leave a rank: to its own node's GPUs, to the GPU of its index on other nodes (once per node, to be passed
// on there), and what it passes on for others.
struct TokenFlow {
    double tokens = 0;
    double same_node = 0;    // (token, GPU) pairs on the own node, the own GPU apart
    double other_nodes = 0;  // (token, node) pairs elsewhere
    double passed_on = 0;    // (token, GPU) pairs that relays forward, the relay itself apart
    double kept = 0;         // (token, GPU) pairs that need no further copy: own GPU and relays
    double pairs = 0;        // (token, GPU) pairs in all
};

// ModelError: ranks that do not divide the experts or do not fill nodes, a table that is not whole tokens, an expert
// that does not exist, a token that names an expert twice or reaches more nodes than `node_limit` (0: no limit).
// InternalError unless every pair is counted once: tokens in are tokens out.
TokenFlow token_flow(const Routing& routing, int rank, int ranks, int ranks_per_node, int node_limit);

}  // namespace tessera::network
