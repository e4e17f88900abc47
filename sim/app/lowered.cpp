#include "sim/app/lowered.hpp"

#include "sim/base/error.hpp"
#include "sim/lower/l2_residency.hpp"
#include "sim/lower/lower.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <algorithm>
#include <set>

namespace tessera {
namespace {

using deepseek_v3::RankLoad;

// Row counts of one direction (forward or backward layers) of a load.
struct Direction {
    std::vector<std::int64_t> RankLoad::*rows;
    std::vector<std::int64_t> RankLoad::*unique;
};
constexpr Direction forward_rows{&RankLoad::forward_rows, &RankLoad::forward_unique};
constexpr Direction backward_rows{&RankLoad::backward_rows, &RankLoad::backward_unique};

// The kernels of the whole graph when every layer of one direction has `rows` rows.
struct Anchor {
    std::int64_t rows = 0;
    std::vector<int> kernels;  // by task
};

class RankLowering {
public:
    RankLowering(const RunConfig& run, const SystemConfig& system, const PassList& passes, KernelBook& book)
        : run_(run), system_(system), passes_(passes), book_(book) {}

    LoweredWorkload lower() {
        const int all = run_.workload.parallel.expert_ranks;
        LoweredWorkload out;
        out.simulated_ranks =
            run_.simulation.simulated_ranks > 0 ? std::min(run_.simulation.simulated_ranks, all) : all;
        loads_ = deepseek_v3::rank_loads(run_.workload, out.simulated_ranks);
        out.graph = finish_lowering(build(loads_.front()), system_);
        reference_ = &out.graph;
        out.ranks.push_back({enter(out.graph)});
        const auto differs = [this](const RankLoad& l) { return !same(l, loads_.front()); };
        if (std::none_of(loads_.begin(), loads_.end(), differs)) { return out; }
        const std::vector<Anchor> forward = anchors(forward_rows), backward = anchors(backward_rows);
        std::set<std::vector<int>> known = {out.ranks.front().kernels};
        for (std::size_t r = 1; r < loads_.size(); ++r) {
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

    TaskGraph build(const RankLoad& load) const {
        return run_passes(deepseek_v3::build_train_chunk(run_.workload, system_, load), passes_, system_);
    }

    std::vector<int> enter(const TaskGraph& graph) {
        std::vector<int> kernels;
        kernels.reserve(graph.tasks.size());
        for (const Task& t : graph.tasks) { kernels.push_back(book_.add(t.kernel)); }
        return kernels;
    }

    // Loads on the grid that enclose every rank's rows of this direction; the other direction stays as on rank 0.
    std::vector<Anchor> anchors(const Direction& d) {
        std::int64_t least = (loads_.front().*d.rows).front(), most = least, rows = 0, unique = 0;
        for (const RankLoad& l : loads_) {
            for (const std::int64_t n : l.*d.rows) {
                least = std::min(least, n);
                most = std::max(most, n);
                rows += n;
            }
            for (const std::int64_t n : l.*d.unique) { unique += n; }
        }
        const double unique_share = static_cast<double>(unique) / static_cast<double>(rows);
        std::int64_t low = std::max(least / row_grid * row_grid, deepseek_v3::kRowAlignment);
        std::vector<Anchor> out;
        while (out.size() < 2 || out.back().rows < most) {
            const std::int64_t n = out.empty() ? low : (out.back().rows / row_grid + 1) * row_grid;
            RankLoad load = loads_.front();
            std::fill((load.*d.rows).begin(), (load.*d.rows).end(), n);
            const auto tokens = static_cast<std::int64_t>(unique_share * static_cast<double>(n) + 0.5);
            std::fill((load.*d.unique).begin(), (load.*d.unique).end(), tokens);
            out.push_back({n, enter(with_residency_of(build(load), *reference_))});
        }
        return out;
    }

    // Whether task t changes with the rows of the direction of `a`.
    static bool depends(const std::vector<Anchor>& a, std::size_t t) { return a[0].kernels[t] != a[1].kernels[t]; }

    int at(const std::vector<Anchor>& a, std::size_t t, std::int64_t rows) {
        std::size_t low = 0;
        while (low + 2 < a.size() && a[low + 1].rows <= rows) { ++low; }
        const double weight =
            static_cast<double>(rows - a[low].rows) / static_cast<double>(a[low + 1].rows - a[low].rows);
        return book_.blend(a[low].kernels[t], a[low + 1].kernels[t], weight);
    }

    std::vector<int> interpolate(const TaskGraph& graph, const RankLoad& load, const std::vector<Anchor>& forward,
                                 const std::vector<Anchor>& backward) {
        std::vector<int> kernels;
        kernels.reserve(graph.tasks.size());
        for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
            const auto iteration = static_cast<std::size_t>(graph.tasks[t].iteration);
            const bool on_forward = depends(forward, t), on_backward = depends(backward, t);
            invariant(!(on_forward && on_backward), "a kernel depends on the rows of two layers");
            if (on_forward) {
                kernels.push_back(at(forward, t, load.forward_rows.at(iteration)));
            } else if (on_backward) {
                kernels.push_back(at(backward, t, load.backward_rows.at(iteration)));
            } else {
                kernels.push_back(forward[0].kernels[t]);
            }
        }
        return kernels;
    }

    const RunConfig& run_;
    const SystemConfig& system_;
    const PassList& passes_;
    KernelBook& book_;
    std::vector<RankLoad> loads_;
    const TaskGraph* reference_ = nullptr;  // of rank 0, lowered
};

}  // namespace

LoweredWorkload lower_workload(const RunConfig& run, const SystemConfig& system, const PassList& passes,
                               KernelBook& book) {
    if (run.workload.kind != "train_chunk") {
        throw ModelError("no builder knows workloads of kind \"" + run.workload.kind + "\"; expected train_chunk");
    }
    return RankLowering(run, system, passes, book).lower();
}

}  // namespace tessera
