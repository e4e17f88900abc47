#include "workloads/deepseek_v3/expert_placement.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <numeric>

namespace tessera::deepseek_v3 {

namespace {

// The experts of one node and the ranks that share them and their copies.
struct Node {
    int first_expert = 0, experts = 0;
    int first_rank = 0, ranks = 0;
    int copies = 0;
};

std::vector<int> copies_of(const Node& n, const std::vector<double>& popularity) {
    std::vector<int> copies(static_cast<std::size_t>(n.experts), 1);
    const auto load = [&](std::size_t e) {
        return popularity[static_cast<std::size_t>(n.first_expert) + e] / copies[e];
    };
    for (int i = 0; i < n.copies; ++i) {
        std::size_t most = 0;
        for (std::size_t e = 1; e < copies.size(); ++e) {
            if (load(e) > load(most)) { most = e; }
        }
        ++copies[most];
    }
    return copies;
}

void place(const Node& n, const std::vector<double>& popularity, std::vector<std::vector<ExpertSlot>>& out) {
    struct Share {
        int expert;
        double load;
    };
    const std::vector<int> copies = copies_of(n, popularity);
    std::vector<Share> shares;
    for (int e = 0; e < n.experts; ++e) {
        const int count = copies[static_cast<std::size_t>(e)], expert = n.first_expert + e;
        shares.insert(shares.end(), static_cast<std::size_t>(count),
                      {expert, popularity[static_cast<std::size_t>(expert)] / count});
    }
    std::stable_sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.load > b.load; });
    const int slots = static_cast<int>(shares.size()) / n.ranks;
    std::vector<double> load(static_cast<std::size_t>(n.ranks), 0.0);
    std::vector<int> used(load.size(), 0);
    for (const Share& s : shares) {
        std::size_t least = load.size();
        for (std::size_t r = 0; r < load.size(); ++r) {
            if (used[r] < slots && (least == load.size() || load[r] < load[least])) { least = r; }
        }
        load[least] += s.load;
        out[static_cast<std::size_t>(s.expert)].push_back({n.first_rank + static_cast<int>(least), used[least]++});
    }
}

}  // namespace

std::vector<std::vector<ExpertSlot>> place_experts(const ModelConfig& m, const ParallelConfig& p,
                                                   const std::vector<double>& popularity) {
    const int experts = m.routed_experts, ranks = p.expert_ranks, copies = p.redundant_experts;
    if (ranks < 1 || experts % ranks != 0 || copies % ranks != 0) {
        throw ModelError(std::to_string(ranks) + " ranks cannot share " + std::to_string(experts) + " experts and " +
                         std::to_string(copies) + " copies evenly");
    }
    invariant(static_cast<int>(popularity.size()) == experts, "a popularity for each expert");
    std::vector<std::vector<ExpertSlot>> out(popularity.size());
    if (copies == 0) {
        const int each = experts / ranks;
        for (int e = 0; e < experts; ++e) { out[static_cast<std::size_t>(e)] = {{e / each, e % each}}; }
        return out;
    }
    const int nodes = std::max(1, ranks / p.ranks_per_node);
    const bool by_node = m.expert_groups % nodes == 0 && copies % nodes == 0;
    const int parts = by_node ? nodes : 1;
    for (int i = 0; i < parts; ++i) {
        place({i * experts / parts, experts / parts, i * ranks / parts, ranks / parts, copies / parts}, popularity,
              out);
    }
    return out;
}

}  // namespace tessera::deepseek_v3
