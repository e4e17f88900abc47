#include "models/network/moe.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace tessera::network {

namespace {

void check_routing(const Routing& r, int ranks, int ranks_per_node) {
    if (ranks < 1 || r.experts < 1 || r.experts % ranks != 0) {
        throw ModelError("routing: " + std::to_string(ranks) + " ranks do not divide " + std::to_string(r.experts) +
                         " experts");
    }
    if (ranks_per_node < 1 || (ranks > ranks_per_node && ranks % ranks_per_node != 0)) {
        throw ModelError("routing: " + std::to_string(ranks) + " ranks do not fill nodes of " +
                         std::to_string(ranks_per_node));
    }
    if (r.top_k < 1 || r.expert_of.size() % static_cast<std::size_t>(r.top_k) != 0) {
        throw ModelError("routing: the table loses tokens: " + std::to_string(r.expert_of.size()) +
                         " experts are no whole tokens of " + std::to_string(r.top_k));
    }
}

std::set<int> experts_of(const Routing& r, std::int64_t token) {
    std::set<int> chosen;
    for (int k = 0; k < r.top_k; ++k) {
        const int e = r.expert_of[static_cast<std::size_t>(token * r.top_k + k)];
        if (e < 0 || e >= r.experts) {
            throw ModelError("routing: token " + std::to_string(token) + " goes to expert " + std::to_string(e) +
                             ", there are " + std::to_string(r.experts));
        }
        if (!chosen.insert(e).second) {
            throw ModelError("routing: token " + std::to_string(token) + " names expert " + std::to_string(e) +
                             " twice");
        }
    }
    return chosen;
}

}  // namespace

TokenFlow token_flow(const Routing& r, int rank, int ranks, int ranks_per_node, int node_limit) {
    check_routing(r, ranks, ranks_per_node);
    const int per_rank = r.experts / ranks, home = rank / ranks_per_node, index = rank % ranks_per_node;
    TokenFlow f;
    for (std::int64_t t = 0; t < r.tokens(); ++t) {
        std::set<int> targets, nodes;
        for (const int e : experts_of(r, t)) { targets.insert(e / per_rank); }
        for (const int g : targets) { nodes.insert(g / ranks_per_node); }
        if (node_limit > 0 && static_cast<int>(nodes.size()) > node_limit) {
            throw ModelError("routing: token " + std::to_string(t) + " reaches " + std::to_string(nodes.size()) +
                             " nodes, allowed are " + std::to_string(node_limit));
        }
        f.tokens += 1;
        f.pairs += static_cast<double>(targets.size());
        f.other_nodes += static_cast<double>(nodes.size() - nodes.count(home));
        for (const int g : targets) {
            const bool own = g / ranks_per_node == home, arrives = g % ranks_per_node == index;
            (arrives ? f.kept : own ? f.same_node : f.passed_on) += 1;
        }
    }
    invariant(std::abs(f.kept + f.same_node + f.passed_on - f.pairs) < 0.5, "routing: tokens in and out differ");
    return f;
}

}  // namespace tessera::network
