#include "workloads/deepseek_v3/token_routing.hpp"

#include "sim/base/rng.hpp"
#include "workloads/deepseek_v3/expert_placement.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <tuple>

namespace tessera::deepseek_v3 {

namespace {

// Streams of random numbers: which expert is how popular in a layer, and what tokens draw.
std::uint64_t popularity_stream(std::uint64_t layer) { return 1'000'000 + layer; }
std::uint64_t token_stream(std::uint64_t layer, std::uint64_t draw) { return 2'000'000 + 1'000 * layer + draw; }

// Draws an index in proportion to its weight in constant time (Walker's alias method).
class Alias {
public:
    explicit Alias(const std::vector<double>& weights) : keep_(weights.size()), other_(weights.size()) {
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        std::vector<std::size_t> small, large;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            keep_[i] = weights[i] / sum * static_cast<double>(weights.size());
            other_[i] = i;
            (keep_[i] < 1 ? small : large).push_back(i);
        }
        while (!small.empty() && !large.empty()) {
            const std::size_t s = small.back(), l = large.back();
            small.pop_back();
            other_[s] = l;
            keep_[l] -= 1 - keep_[s];
            if (keep_[l] < 1) {
                large.pop_back();
                small.push_back(l);
            }
        }
        for (const std::size_t rest : small) { keep_[rest] = 1; }  // rounding only
    }
    std::size_t draw(Rng& rng) const {
        const double u = rng.uniform() * static_cast<double>(keep_.size());
        const auto i = static_cast<std::size_t>(u);
        return u - static_cast<double>(i) < keep_[i] ? i : other_[i];
    }

private:
    std::vector<double> keep_;
    std::vector<std::size_t> other_;
};

// Chooses distinct indices, each in proportion to its weight among those still open.
class Chooser {
public:
    explicit Chooser(std::vector<double> weights)
        : weights_(std::move(weights)), alias_(weights_), taken_(weights_.size(), 0) {}

    // `open(i)`: whether i may be chosen at all; enough of them are.
    template <class Open>
    void choose(Rng& rng, std::size_t count, Open&& open, std::vector<std::size_t>& out) {
        ++round_;
        out.clear();
        while (out.size() < count) {
            const std::size_t i = next(rng, open);
            taken_[i] = round_;
            out.push_back(i);
        }
    }

private:
    template <class Open>
    std::size_t next(Rng& rng, Open& open) {
        constexpr int tries = 64;
        const auto may = [&](std::size_t i) { return taken_[i] != round_ && open(i); };
        for (int t = 0; t < tries; ++t) {
            const std::size_t i = alias_.draw(rng);
            if (may(i)) { return i; }
        }
        double sum = 0;  // what is open is rarely drawn: look for it
        for (std::size_t i = 0; i < weights_.size(); ++i) { sum += may(i) ? weights_[i] : 0.0; }
        double left = rng.uniform() * sum;
        std::size_t last = 0;
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            if (!may(i)) { continue; }
            last = i;
            left -= weights_[i];
            if (left < 0) { break; }
        }
        return last;
    }

    std::vector<double> weights_;
    Alias alias_;
    std::vector<std::uint64_t> taken_;  // round in which an index was chosen
    std::uint64_t round_ = 0;
};

std::vector<double> by_group(const ModelConfig& m, const std::vector<double>& popularity) {
    std::vector<double> sum(static_cast<std::size_t>(m.expert_groups), 0.0);
    const std::size_t each = popularity.size() / sum.size();
    for (std::size_t e = 0; e < popularity.size(); ++e) { sum[e / each] += popularity[e]; }
    return sum;
}

class Layer {
public:
    Layer(const WorkloadConfig& w, std::uint64_t layer, std::uint64_t draw)
        : w_(w),
          rng_(w.router.seed, token_stream(layer, draw)),
          popularity_(expert_popularity(w.model, w.router, layer)),
          slots_(place_experts(w.model, w.parallel, popularity_)),
          turn_(popularity_.size(), 0),
          groups_(by_group(w.model, popularity_)),
          experts_(popularity_) {}

    RoutedLayer run() {
        const auto ranks = static_cast<std::size_t>(w_.parallel.expert_ranks);
        const int local = (w_.model.routed_experts + w_.parallel.redundant_experts) / w_.parallel.expert_ranks;
        RoutedLayer out;
        out.copies.assign(ranks, std::vector<std::int64_t>(static_cast<std::size_t>(local), 0));
        out.unique.assign(ranks, 0);
        out.into_node.assign((ranks + node_size() - 1) / node_size(), 0);
        for (std::size_t from = 0; from < ranks; ++from) {
            std::int64_t ranks_hit = 0, nodes_hit = 0;
            for (std::int64_t t = 0; t < w_.tokens; ++t) {
                token(out);
                ranks_hit += static_cast<std::int64_t>(ranks_.size());
                find_nodes();
                nodes_hit += static_cast<std::int64_t>(nodes_.size());
                for (const std::size_t n : nodes_) { out.into_node[n] += n != from / node_size() ? 1 : 0; }
            }
            out.ranks_per_token.push_back(static_cast<double>(ranks_hit) / static_cast<double>(w_.tokens));
            out.nodes_per_token.push_back(static_cast<double>(nodes_hit) / static_cast<double>(w_.tokens));
        }
        return out;
    }

private:
    void token(RoutedLayer& out) {
        const ModelConfig& m = w_.model;
        const bool limited = m.groups_per_token < m.expert_groups;
        if (limited) {
            groups_.choose(
                rng_, static_cast<std::size_t>(m.groups_per_token), [](std::size_t) { return true; }, chosen_groups_);
            allowed_.assign(static_cast<std::size_t>(m.expert_groups), 0);
            for (const std::size_t g : chosen_groups_) { allowed_[g] = 1; }
        }
        const auto each = static_cast<std::size_t>(m.routed_experts / m.expert_groups);
        experts_.choose(
            rng_, static_cast<std::size_t>(m.experts_per_token),
            [&](std::size_t e) { return !limited || allowed_[e / each] != 0; }, chosen_);
        ranks_.clear();
        for (const std::size_t e : chosen_) {
            const std::vector<ExpertSlot>& copies = slots_[e];
            const ExpertSlot& s = copies[copies.size() == 1 ? 0 : turn_[e]++ % copies.size()];
            ++out.copies[static_cast<std::size_t>(s.rank)][static_cast<std::size_t>(s.slot)];
            if (std::find(ranks_.begin(), ranks_.end(), s.rank) == ranks_.end()) {
                ranks_.push_back(s.rank);
                ++out.unique[static_cast<std::size_t>(s.rank)];
            }
        }
    }

    std::size_t node_size() const { return static_cast<std::size_t>(w_.parallel.ranks_per_node); }

    // Distinct nodes of the token's ranks.
    void find_nodes() {
        nodes_.clear();
        for (const int r : ranks_) {
            const std::size_t node = static_cast<std::size_t>(r) / node_size();
            if (std::find(nodes_.begin(), nodes_.end(), node) == nodes_.end()) { nodes_.push_back(node); }
        }
    }

    const WorkloadConfig& w_;
    Rng rng_;
    std::vector<double> popularity_;
    std::vector<std::vector<ExpertSlot>> slots_;
    std::vector<std::size_t> turn_;  // by expert: tokens given to its copies
    Chooser groups_, experts_;
    std::vector<std::size_t> chosen_groups_, chosen_;
    std::vector<char> allowed_;
    std::vector<int> ranks_;
    std::vector<std::size_t> nodes_;
};

// Everything that a layer's routing depends on.
using Key =
    std::tuple<std::uint64_t, double, std::int64_t, int, int, int, int, int, int, int, std::uint64_t, std::uint64_t>;

Key key_of(const WorkloadConfig& w, std::uint64_t layer, std::uint64_t draw) {
    const ModelConfig& m = w.model;
    const ParallelConfig& p = w.parallel;
    return {w.router.seed,
            w.router.zipf,
            w.tokens,
            m.routed_experts,
            m.experts_per_token,
            m.expert_groups,
            m.groups_per_token,
            p.expert_ranks,
            p.ranks_per_node,
            p.redundant_experts,
            layer,
            draw};
}

}  // namespace

std::vector<double> expert_popularity(const ModelConfig& m, const RouterConfig& router, std::uint64_t layer) {
    std::vector<double> p(static_cast<std::size_t>(m.routed_experts));
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        p[i] = std::pow(static_cast<double>(i + 1), -router.zipf);
        sum += p[i];
    }
    for (double& x : p) { x /= sum; }
    Rng rng(router.seed, popularity_stream(layer));
    for (std::size_t i = p.size(); i > 1; --i) { std::swap(p[i - 1], p[rng.below(i)]); }
    return p;
}

const RoutedLayer& route_tokens(const WorkloadConfig& workload, std::uint64_t layer, std::uint64_t draw) {
    constexpr std::size_t remembered = 256;  // both micro-batches of more layers than a graph has in a row
    static std::deque<std::pair<Key, RoutedLayer>> known;
    const Key key = key_of(workload, layer, draw);
    const auto it = std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.first == key; });
    if (it != known.end()) { return it->second; }
    if (known.size() == remembered) { known.pop_front(); }
    known.emplace_back(key, Layer(workload, layer, draw).run());
    return known.back().second;
}

}  // namespace tessera::deepseek_v3
