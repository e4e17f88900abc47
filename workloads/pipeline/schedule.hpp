// Orders of work of pipeline-parallel training: which chunk each rank runs after which.
//
// A model is cut into `stages` chunks of layers. A micro-batch passes them forward, then backward. The backward pass
// of a chunk is one piece (backward) or two (input_gradient, which the stage before waits for, and weight_gradient,
// which nobody waits for). A cell is what a rank runs as one unit: a piece, or the forward piece of one micro-batch
// overlapped with the backward piece of another.
#pragma once

#include "sim/config/workload_config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::pipeline {

// one_f_one_b: 1F1B (PipeDream-Flush). zb1p: 1F1B with split backward, the zero-bubble schedule with the memory of 1F1B
// (ZB-H1). dual_pipe: bidirectional, overlapped. dual_pipe_v: DualPipe cut in half, two chunks per rank in a V.
using Schedule = PipelineSchedule;
const char* to_string(Schedule s);

enum class PieceKind : std::uint8_t { forward, backward, input_gradient, weight_gradient };

struct Piece {
    PieceKind kind = PieceKind::forward;
    int stage = 0;  // 0 holds the first layers
    int micro_batch = 0;
    friend bool operator==(const Piece& a, const Piece& b) {
        return a.kind == b.kind && a.stage == b.stage && a.micro_batch == b.micro_batch;
    }
};
std::string to_string(const Piece& p);  // "F3@2": forward of micro-batch 3 at stage 2; B, I, W for the others

// One piece, or two that overlap (a forward first).
struct Cell {
    std::vector<Piece> pieces;
};

struct Plan {
    Schedule schedule = Schedule::dual_pipe;
    int ranks = 0;
    int stages = 0;                        // as many as ranks, twice as many for the V
    int micro_batches = 0;                 // of one pipeline, both directions together
    std::vector<std::vector<Cell>> cells;  // by rank, in order
};

// Orders of `ranks` ranks for `micro_batches` micro-batches.
// Sources: 1F1B, Narayanan et al. 2021; ZB-H1, Qi et al. 2023; DualPipe and DualPipeV, step counts per rank of
// github.com/deepseek-ai/DualPipe (DeepSeek-V3 technical report, section 3.2.1).
// ModelError, with the reason: fewer than one rank or micro-batch; DualPipe with an odd number of ranks or
// micro-batches, or with fewer micro-batches than twice the ranks (DualPipeV: twice the ranks).
Plan make_plan(Schedule schedule, int ranks, int micro_batches);

// The ranks that hold a stage: two of them in DualPipe (one per direction), else one.
std::vector<int> ranks_of_stage(const Plan& plan, int stage);

// Chunks that a rank keeps parameters of: two in DualPipe and DualPipeV.
int chunks_per_rank(Schedule schedule);

// Throws ModelError, naming the piece, unless every micro-batch passes every stage once forward and once backward (as
// a whole or in both halves), each on one rank.
void check(const Plan& plan);

}  // namespace tessera::pipeline
