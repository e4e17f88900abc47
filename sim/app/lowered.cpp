#include "sim/app/lowered.hpp"

#include "sim/app/drawn_loads.hpp"
#include "sim/app/kept_apart.hpp"
#include "sim/base/error.hpp"
#include "sim/lower/l2_residency.hpp"
#include "sim/lower/lower.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace tessera {
namespace {

using deepseek_v3::RankLoad;

// Row counts of one direction (forward or backward layers) of a load.
struct Direction {
    std::vector<std::int64_t> RankLoad::*rows;
    std::vector<std::int64_t> RankLoad::*unique;
    std::vector<std::vector<std::int64_t>> RankLoad::*experts;
    std::vector<deepseek_v3::RoutingExpectation> RankLoad::*sent;
};
constexpr Direction forward_rows{&RankLoad::forward_rows, &RankLoad::forward_unique, &RankLoad::forward_experts,
                                 &RankLoad::forward_sent};
constexpr Direction backward_rows{&RankLoad::backward_rows, &RankLoad::backward_unique, &RankLoad::backward_experts,
                                  &RankLoad::backward_sent};

// The kernels of the whole graph when every layer of one direction has `rows` rows.
struct Anchor {
    std::int64_t rows = 0, unique = 0;
    std::vector<int> kernels;  // by task
};
struct Anchors {
    Anchor low, high;
};

// Anchors closer than the first ratio tell the slope too badly (a grouped GEMM of 40 waves steps by 2.5 %).
constexpr double least_anchor_ratio = 1.15;
constexpr double wide_anchor_ratio = 1.25;

class RankLowering {
public:
    RankLowering(const RunConfig& run, const SystemConfig& system, const PassList& passes, KernelBook& book,
                 const BuildGraph& graph_of, FirstRank first)
        : run_(run),
          system_(system),
          passes_(passes),
          book_(book),
          graph_of_(graph_of),
          shared_anchors_(first == FirstRank::interpolated && !run.simulation.exact) {}

    LoweredWorkload lower() {
        const int all = run_.workload.parallel.expert_ranks;
        LoweredWorkload out;
        out.simulated_ranks =
            run_.simulation.simulated_ranks > 0 ? std::min(run_.simulation.simulated_ranks, all) : all;
        loads_ = drawn_loads(run_.workload, out.simulated_ranks);
        apart_ = kept_apart(graph_of_(loads_.front()), passes_, system_, book_);
        out.graph = finish_lowering(build(loads_.front()), system_);
        reference_ = &out.graph;
        const auto differs = [this](const RankLoad& l) { return !same(l, loads_.front()); };
        const bool alike = std::none_of(loads_.begin(), loads_.end(), differs);
        if (alike || !shared_anchors_) { out.ranks.push_back({enter(out.graph)}); }
        if (alike) { return out; }
        const Anchors forward = anchors(forward_rows), backward = anchors(backward_rows);
        std::set<std::vector<int>> known;
        for (const RankKernels& r : out.ranks) { known.insert(r.kernels); }
        for (std::size_t r = out.ranks.size(); r < loads_.size(); ++r) {
            std::vector<int> kernels = interpolate(out.graph, loads_[r], forward, backward);
            if (known.insert(kernels).second) { out.ranks.push_back({std::move(kernels)}); }
        }
        return out;
    }

private:
    static bool same(const RankLoad& a, const RankLoad& b) {
        return a.forward_rows == b.forward_rows && a.backward_rows == b.backward_rows &&
               a.forward_unique == b.forward_unique && a.backward_unique == b.backward_unique;
    }

    TaskGraph build(const RankLoad& load) const { return run_passes(graph_of_(load), passes_, system_, apart_); }

    std::vector<int> enter(const TaskGraph& graph) {
        std::vector<int> kernels;
        kernels.reserve(graph.tasks.size());
        for (const Task& t : graph.tasks) { kernels.push_back(book_.add(t.kernel)); }
        return kernels;
    }

    // Two loads of this direction, far enough apart to tell the slope: rank 0's smallest and largest, whose kernels are
    // simulated anyway, or a larger one if these lie too close. The other direction stays as on rank 0.
    Anchors anchors(const Direction& d) {
        const std::vector<std::int64_t>& rows = loads_.front().*d.rows;
        const std::vector<std::int64_t>& unique = loads_.front().*d.unique;
        const auto least = static_cast<std::size_t>(std::min_element(rows.begin(), rows.end()) - rows.begin());
        const auto most = static_cast<std::size_t>(std::max_element(rows.begin(), rows.end()) - rows.begin());
        if (shared_anchors_) { return around_balance(d); }
        Anchors a;
        a.low = anchor(d, rows[least], unique[least]);
        const double apart = static_cast<double>(rows[most]) / static_cast<double>(rows[least]);
        if (apart >= least_anchor_ratio) {
            a.high = anchor(d, rows[most], unique[most]);
        } else {
            const std::int64_t step = deepseek_v3::kRowAlignment;
            const std::int64_t n =
                static_cast<std::int64_t>(wide_anchor_ratio * static_cast<double>(rows[least])) / step;
            const double share = static_cast<double>(unique[least]) / static_cast<double>(rows[least]);
            a.high = anchor(d, n * step, std::llround(share * static_cast<double>(n * step)));
        }
        return a;
    }

    // An eighth below and above the balanced load, in whole tiles for every expert.
    Anchors around_balance(const Direction& d) {
        const WorkloadConfig& w = run_.workload;
        const std::int64_t tile = deepseek_v3::kRowAlignment * (w.model.routed_experts + w.parallel.redundant_experts) /
                                  w.parallel.expert_ranks;
        const double copies = static_cast<double>(w.tokens * w.model.experts_per_token);
        const double unique =
            static_cast<double>(w.tokens) * deepseek_v3::routing_expectation(w.model, w.parallel).ranks_per_token;
        const auto at = [&](std::int64_t tiles) {
            const double share = static_cast<double>(tiles * tile) / copies;
            return anchor(d, tiles * tile, std::max<std::int64_t>(1, std::llround(unique * share)));
        };
        const auto low = std::max<std::int64_t>(1, std::llround(0.875 * copies / static_cast<double>(tile)));
        Anchors a;
        a.low = at(low);
        a.high = at(std::max<std::int64_t>(low + 1, std::llround(1.125 * copies / static_cast<double>(tile))));
        return a;
    }

    Anchor anchor(const Direction& d, std::int64_t rows, std::int64_t unique) {
        RankLoad load = loads_.front();
        std::fill((load.*d.rows).begin(), (load.*d.rows).end(), rows);
        std::fill((load.*d.unique).begin(), (load.*d.unique).end(), unique);
        (load.*d.experts).clear();
        (load.*d.sent).clear();
        return {rows, unique, enter(with_residency_of(build(load), *reference_))};
    }

    // Whether task t changes with the rows of the direction of `a`.
    static bool depends(const Anchors& a, std::size_t t) { return a.low.kernels[t] != a.high.kernels[t]; }

    // Exchanges follow the distinct tokens, everything else the rows.
    int at(const Anchors& a, const Task& task, std::int64_t rows, std::int64_t unique) {
        const bool tokens = std::holds_alternative<ExchangeDesc>(task.kernel) && a.low.unique != a.high.unique;
        const auto share = [](std::int64_t n, std::int64_t low, std::int64_t high) {
            return static_cast<double>(n - low) / static_cast<double>(high - low);
        };
        const auto t = static_cast<std::size_t>(task.id);
        return book_.blend(a.low.kernels[t], a.high.kernels[t],
                           tokens ? share(unique, a.low.unique, a.high.unique) : share(rows, a.low.rows, a.high.rows));
    }

    std::vector<int> interpolate(const TaskGraph& graph, const RankLoad& load, const Anchors& forward,
                                 const Anchors& backward) {
        std::vector<int> kernels;
        kernels.reserve(graph.tasks.size());
        for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
            const auto iteration = static_cast<std::size_t>(graph.tasks[t].iteration);
            const bool on_forward = depends(forward, t), on_backward = depends(backward, t);
            invariant(!(on_forward && on_backward), "a kernel depends on the rows of two layers");
            if (on_forward) {
                kernels.push_back(
                    at(forward, graph.tasks[t], load.forward_rows.at(iteration), load.forward_unique.at(iteration)));
            } else if (on_backward) {
                kernels.push_back(
                    at(backward, graph.tasks[t], load.backward_rows.at(iteration), load.backward_unique.at(iteration)));
            } else {
                kernels.push_back(forward.low.kernels[t]);
            }
        }
        return kernels;
    }

    const RunConfig& run_;
    const SystemConfig& system_;
    const PassList& passes_;
    KernelBook& book_;
    const BuildGraph& graph_of_;
    const bool shared_anchors_;
    std::vector<RankLoad> loads_;
    KeptApart apart_;
    const TaskGraph* reference_ = nullptr;  // of rank 0, lowered
};

}  // namespace

LoweredWorkload lower_workload(const RunConfig& run, const SystemConfig& system, const PassList& passes,
                               KernelBook& book) {
    if (run.workload.kind != "train_chunk") {
        throw ModelError("no builder knows workloads of kind \"" + run.workload.kind + "\"; expected train_chunk");
    }
    return lower_graph(run, system, passes, book, [&](const RankLoad& load) {
        return deepseek_v3::build_train_chunk(run.workload, system, load);
    });
}

LoweredWorkload lower_graph(const RunConfig& run, const SystemConfig& system, const PassList& passes, KernelBook& book,
                            const BuildGraph& build, FirstRank first) {
    return RankLowering(run, system, passes, book, build, first).lower();
}

}  // namespace tessera
