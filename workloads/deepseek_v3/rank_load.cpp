#include "workloads/deepseek_v3/rank_load.hpp"

#include "sim/base/error.hpp"
#include "sim/base/normal.hpp"
#include "sim/base/rng.hpp"
#include "workloads/deepseek_v3/token_routing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace tessera::deepseek_v3 {

namespace {

std::int64_t round_up(std::int64_t v, std::int64_t multiple) { return (v + multiple - 1) / multiple * multiple; }

// Probability that none of `drawn` items taken without replacement out of `all` is among `marked` ones.
double probability_of_none(std::int64_t all, std::int64_t marked, std::int64_t drawn) {
    double p = 1.0;
    for (std::int64_t i = 0; i < drawn; ++i) {
        p *= std::max(0.0, static_cast<double>(all - marked - i)) / static_cast<double>(all - i);
    }
    return p;
}

// Token copies and distinct tokens of one rank, one layer, one direction, before padding.
struct Load {
    double copies = 0, unique = 0;
};

Load expected_load(const WorkloadConfig& w) {
    Load ideal;
    ideal.copies = static_cast<double>(w.tokens) * static_cast<double>(w.model.experts_per_token);
    ideal.unique = static_cast<double>(w.tokens) * routing_expectation(w.model, w.parallel).ranks_per_token;
    return ideal;
}

std::int64_t padded_rows(const WorkloadConfig& w, double copies) {
    const auto whole = static_cast<std::int64_t>(std::llround(copies));
    if (w.kind == "decode") { return whole; }  // each expert has room of its own
    const std::int64_t experts = (w.model.routed_experts + w.parallel.redundant_experts) / w.parallel.expert_ranks;
    return experts * round_up((whole + experts - 1) / experts, kRowAlignment);
}

// Relative loads of all expert ranks, mean exactly 1: a rank that has more copies leaves fewer for the others.
// `fixed` (if positive) is rank 0's relative load.
std::vector<double> relative_loads(const WorkloadConfig& w, std::uint64_t stream, double fixed) {
    const auto ranks = static_cast<std::size_t>(w.parallel.expert_ranks);
    std::vector<double> load(ranks, 1.0);
    Rng rng(w.router.seed, stream);
    for (double& l : load) { l = std::max(0.0, 1.0 + w.router.spread * rng.normal()); }
    const std::size_t first = fixed > 0 ? 1 : 0;
    double sum = 0;
    for (std::size_t r = first; r < ranks; ++r) { sum += load[r]; }
    const double target = static_cast<double>(ranks) - (fixed > 0 ? fixed : 0.0);
    for (std::size_t r = first; r < ranks && sum > 0; ++r) { load[r] *= target / sum; }
    if (fixed > 0) { load[0] = fixed; }
    return load;
}

void check_given(const WorkloadConfig& w, const std::vector<std::int64_t>& values, const char* name, bool rows) {
    if (values.size() != static_cast<std::size_t>(w.layers)) {
        throw ModelError("router load 'given': " + std::string(name) + " has " + std::to_string(values.size()) +
                         " entries, expected one per layer (" + std::to_string(w.layers) + ")");
    }
    const std::int64_t most = w.tokens * w.parallel.expert_ranks;
    for (const std::int64_t v : values) {
        if (v <= 0 || (rows && v % kRowAlignment != 0) || (!rows && v > most)) {
            throw ModelError("router load 'given': " + std::string(name) + " has the impossible entry " +
                             std::to_string(v) +
                             (rows ? ", expected positive multiples of " + std::to_string(kRowAlignment)
                                   : ", expected 1.." + std::to_string(most)));
        }
    }
}

struct Direction {
    const std::vector<std::int64_t>& given_rows;
    const std::vector<std::int64_t>& given_unique;
    std::vector<std::int64_t> RankLoad::*rows;
    std::vector<std::int64_t> RankLoad::*unique;
    std::vector<std::vector<std::int64_t>> RankLoad::*experts;
    std::vector<RoutingExpectation> RankLoad::*sent;
    std::uint64_t stream;  // of random numbers
};

void fill_routed(const WorkloadConfig& w, const Direction& d, std::vector<RankLoad>& loads) {
    for (int layer = 0; layer < w.layers; ++layer) {
        const RoutedLayer& routed = route_tokens(w, static_cast<std::uint64_t>(layer), d.stream);
        for (std::size_t r = 0; r < loads.size(); ++r) {
            std::vector<std::int64_t> rows;  // an expert without tokens still has its kernels
            for (const std::int64_t n : routed.copies[r]) {
                rows.push_back(round_up(std::max<std::int64_t>(1, n), kRowAlignment));
            }
            (loads[r].*d.rows).push_back(std::accumulate(rows.begin(), rows.end(), std::int64_t{0}));
            (loads[r].*d.experts).push_back(std::move(rows));
            (loads[r].*d.unique).push_back(std::max<std::int64_t>(1, routed.unique[r]));
            (loads[r].*d.sent).push_back({routed.ranks_per_token[r], routed.nodes_per_token[r]});
        }
    }
}

void fill(const WorkloadConfig& w, const Direction& d, std::vector<RankLoad>& loads) {
    if (w.model.routed_experts == 0) {
        for (RankLoad& l : loads) {
            (l.*d.rows).assign(static_cast<std::size_t>(w.layers), 0);
            (l.*d.unique).assign(static_cast<std::size_t>(w.layers), 0);
        }
        return;
    }
    if (w.router.load == RouterLoad::tokens) {
        fill_routed(w, d, loads);
        return;
    }
    const Load ideal = expected_load(w);
    for (int layer = 0; layer < w.layers; ++layer) {
        const bool given = w.router.load == RouterLoad::given;
        const auto index = static_cast<std::size_t>(layer);
        const double fixed = given ? static_cast<double>(d.given_rows[index]) / ideal.copies : 0.0;
        std::vector<double> relative(static_cast<std::size_t>(w.parallel.expert_ranks), 1.0);
        if (w.router.load != RouterLoad::balanced) {
            relative = relative_loads(w, 2 * static_cast<std::uint64_t>(layer) + d.stream, fixed);
        }
        for (std::size_t r = 0; r < loads.size(); ++r) {
            const std::int64_t unique = std::max<std::int64_t>(1, std::llround(ideal.unique * relative[r]));
            const std::int64_t rows = padded_rows(w, std::max(1.0, ideal.copies * relative[r]));
            (loads[r].*d.rows).push_back(given && r == 0 ? d.given_rows[index] : rows);
            (loads[r].*d.unique).push_back(given && r == 0 ? d.given_unique[index] : unique);
        }
    }
}

}  // namespace

RoutingExpectation routing_expectation(const ModelConfig& model, const ParallelConfig& parallel) {
    const double groups = model.expert_groups, chosen = model.groups_per_token;
    const auto reachable = static_cast<std::int64_t>(std::llround(model.routed_experts * chosen / groups));
    const auto hit = [&](std::int64_t holders) {  // distinct holders of equal shares of the experts
        const std::int64_t each = std::max<std::int64_t>(1, model.routed_experts / holders);
        const double allowed = static_cast<double>(reachable) / static_cast<double>(each);
        return allowed * (1.0 - probability_of_none(reachable, each, model.experts_per_token));
    };
    const std::int64_t nodes = std::max(1, parallel.expert_ranks / parallel.ranks_per_node);
    RoutingExpectation e;
    if (model.routed_experts == 0) { return e; }
    e.ranks_per_token = hit(parallel.expert_ranks);
    e.nodes_per_token = std::max(1.0, hit(nodes));
    return e;
}

std::vector<RankLoad> rank_loads(const WorkloadConfig& w, int ranks) {
    if (ranks < 1 || ranks > w.parallel.expert_ranks) {
        throw ModelError("simulated ranks must be in 1.." + std::to_string(w.parallel.expert_ranks) + ", is " +
                         std::to_string(ranks));
    }
    if (w.router.load == RouterLoad::given) {
        check_given(w, w.router.forward_rows, "forward_rows", true);
        check_given(w, w.router.backward_rows, "backward_rows", true);
        check_given(w, w.router.forward_unique, "forward_unique", false);
        check_given(w, w.router.backward_unique, "backward_unique", false);
    }
    std::vector<RankLoad> loads(static_cast<std::size_t>(ranks));
    fill(w,
         {w.router.forward_rows, w.router.forward_unique, &RankLoad::forward_rows, &RankLoad::forward_unique,
          &RankLoad::forward_experts, &RankLoad::forward_sent, 0},
         loads);
    fill(w,
         {w.router.backward_rows, w.router.backward_unique, &RankLoad::backward_rows, &RankLoad::backward_unique,
          &RankLoad::backward_experts, &RankLoad::backward_sent, 1},
         loads);
    return loads;
}

namespace {

// Of routed tokens: most that reach a node over the mean of all nodes, mean over layers and micro-batches.
double busiest_node(const WorkloadConfig& w) {
    double sum = 0;
    for (int layer = 0; layer < w.layers; ++layer) {
        for (const std::uint64_t draw : {0, 1}) {
            const std::vector<std::int64_t>& in = route_tokens(w, static_cast<std::uint64_t>(layer), draw).into_node;
            const double all = static_cast<double>(std::accumulate(in.begin(), in.end(), std::int64_t{0}));
            const double most = static_cast<double>(*std::max_element(in.begin(), in.end()));
            sum += all > 0 ? most * static_cast<double>(in.size()) / all : 1.0;
        }
    }
    return w.layers > 0 ? sum / (2.0 * w.layers) : 1.0;
}

}  // namespace

double busiest_relay(const WorkloadConfig& w) {
    const int nodes = w.parallel.expert_ranks / std::max(1, w.parallel.ranks_per_node);
    if (nodes < 2 || w.router.load == RouterLoad::balanced) { return 1; }
    if (w.router.load == RouterLoad::tokens) { return busiest_node(w); }
    const double share = (nodes - 0.375) / (nodes + 0.25);
    return 1 + normal_quantile(share) * w.router.spread / std::sqrt(static_cast<double>(w.parallel.ranks_per_node));
}

std::vector<std::int64_t> split_rows(std::int64_t rows, std::int64_t experts) {
    const std::int64_t blocks = (rows + kRowAlignment - 1) / kRowAlignment;
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(experts), 0);
    std::int64_t left = rows;
    for (std::int64_t e = 0; e < experts; ++e) {
        const std::int64_t mine = blocks / experts + (e < blocks % experts ? 1 : 0);
        sizes[static_cast<std::size_t>(e)] = std::min(left, mine * kRowAlignment);
        left -= sizes[static_cast<std::size_t>(e)];
    }
    return sizes;
}

}  // namespace tessera::deepseek_v3
