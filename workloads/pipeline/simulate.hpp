// Runs a pipeline plan: when each rank runs each cell, and what it waits for.
#pragma once

#include "sim/base/units.hpp"
#include "workloads/pipeline/schedule.hpp"

#include <string>
#include <vector>

namespace tessera::pipeline {

// Times of cells and of the messages between stages. Must be pure.
class CellTimes {
public:
    virtual ~CellTimes() = default;
    virtual Time cell(const Cell& cell) const = 0;
    // From the end of a piece on one rank until its result (activations, or their gradients) is on the next rank.
    virtual Time transfer(int from_rank, int to_rank) const = 0;
};

struct CellSpan {
    Cell cell;
    Time start{}, end{};
};

// What one rank did. forward + backward + input + weight + overlapped + waiting = the plan's end.
struct RankUse {
    Time forward{}, backward{}, input_gradient{}, weight_gradient{};  // cells of one piece, by kind
    Time overlapped{};                                                // cells of two pieces
    Time waiting{};                                                   // the bubble
    Time first_start{};
    // Most micro-batches whose activations this rank held at once, over all its stages: from the start of the forward
    // piece to the end of the backward piece or of the weight gradient.
    int most_in_flight = 0;
    std::vector<CellSpan> spans;
};

struct PipelineRun {
    Time end{};  // of the last cell of any rank
    std::vector<RankUse> ranks;
    RankUse mean() const;  // over the ranks, without spans; most_in_flight is the largest
};

// A cell starts when its rank is free and everything it needs has arrived: a forward piece needs the forward piece of
// the stage before; a backward piece or input gradient needs that of the stage after (at the last stage, its own
// forward piece); a weight gradient needs its own input gradient. What a cell makes leaves when the cell ends.
// ModelError if the plan stops making progress: the message names the chain of ranks and what each waits for.
PipelineRun simulate(const Plan& plan, const CellTimes& times);

}  // namespace tessera::pipeline
