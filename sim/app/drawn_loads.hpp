// The loads of ranks, drawn once for all variants of a run.
#pragma once

#include "sim/config/workload_config.hpp"
#include "workloads/deepseek_v3/rank_load.hpp"

#include <vector>

namespace tessera {

// rank_loads() of the same arguments. Token-level draws take seconds, so that the last few workloads' are kept for the
// life of the process; child processes inherit them.
const std::vector<deepseek_v3::RankLoad>& drawn_loads(const WorkloadConfig& workload, int ranks);

}  // namespace tessera
