// A run's workload as the replay takes it: the task graph of rank 0 and the kernels of every simulated rank.
#pragma once

#include "sim/app/kernel_book.hpp"
#include "sim/config/run_config.hpp"
#include "sim/ir/pass.hpp"
#include "workloads/deepseek_v3/rank_load.hpp"

#include <functional>
#include <vector>

namespace tessera {

struct LoweredWorkload {
    TaskGraph graph;                 // rank 0, all passes done
    std::vector<RankKernels> ranks;  // rank 0 first; ranks with the same kernels are folded into one
    int simulated_ranks = 0;         // before folding
};

// Builds the workload on `system` (the proposals' hooks done), runs `passes` over it and enters its kernels in `book`.
//
// Rank 0 is exact. For the other ranks only the time of what depends on their row counts matters, and only through the
// waiting at meeting points: their kernels lie on the line through the kernels of two row counts, those of rank 0's
// smallest and largest layer (a grouped GEMM or a stream over rows is linear in the rows but for its last wave).
// ModelError: a workload kind that no builder knows, loads that no routing can produce.
LoweredWorkload lower_workload(const RunConfig& run, const SystemConfig& system, const PassList& passes,
                               KernelBook& book);

// The same for any graph of a rank's load, with loads of `run.workload.layers` entries: one cell of a pipeline, say.
using BuildGraph = std::function<TaskGraph(const deepseek_v3::RankLoad&)>;

// How rank 0's kernels follow its rows. exact: each row count is simulated. interpolated: on the line through the two
// row counts an eighth below and above what balanced routing gives, for workloads that sum many graphs: all of them
// share these kernels, whatever their layers' rows. `simulation.exact` makes it exact, and balanced loads are.
enum class FirstRank { exact, interpolated };
LoweredWorkload lower_graph(const RunConfig& run, const SystemConfig& system, const PassList& passes, KernelBook& book,
                            const BuildGraph& build, FirstRank first = FirstRank::exact);

}  // namespace tessera
