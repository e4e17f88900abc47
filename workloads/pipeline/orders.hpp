// The order of each schedule, by rank. Arguments as checked by make_plan. Internal to workloads/pipeline.
#pragma once

#include "workloads/pipeline/schedule.hpp"

namespace tessera::pipeline {

// Rank r runs ranks - 1 - r micro-batches ahead, then one forward and one backward in turn.
std::vector<std::vector<Cell>> one_f_one_b_order(int ranks, int micro_batches);

// The split backward pass on the memory of 1F1B: rank r starts with ranks - r micro-batches and puts off its first r
// weight gradients, so that it never holds more than `ranks` micro-batches between forward piece and weight gradient.
std::vector<std::vector<Cell>> zero_bubble_order(int ranks, int micro_batches);

// Both directions at once: the first half of the micro-batches enters at rank 0, the second at the last rank.
std::vector<std::vector<Cell>> dual_pipe_order(int ranks, int micro_batches);

// Rank r holds stages r and 2 ranks - 1 - r; every micro-batch goes down and comes back up.
std::vector<std::vector<Cell>> dual_pipe_v_order(int ranks, int micro_batches);

}  // namespace tessera::pipeline
