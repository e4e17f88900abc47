// What a rank of a pipeline holds for the micro-batches under way.
#pragma once

#include "workloads/pipeline/simulate.hpp"

#include <vector>

namespace tessera::pipeline {

// Most bytes that the rank holds at once: `by_stage` for each (stage, micro-batch) from the start of its forward piece
// to the end of its backward piece or weight gradient. InternalError for a stage that `by_stage` lacks.
Bytes most_held(const RankUse& rank, const std::vector<Bytes>& by_stage);

}  // namespace tessera::pipeline
