// Rows of many queues that leave through one GPU's wires and arrive through others': what meeting there costs, and what
// it costs that queues are not equally long.
#pragma once

#include "sim/base/units.hpp"

namespace tessera {

// `flows` copying warps (or copies in flight) that would take `alone` if the wires were free and whose bytes take
// `wire` on a GPU's way out and, together with those of other GPUs, as long on each way in. Each waits for its rows'
// turn at both: exact mean value analysis of the closed queueing network (Reiser, Lavenberg 1980), so never less than
// either time and close to their sum for a single flow.
Time over_wires(Time alone, Time wire, int flows);

// Queues into which tokens fall independently.
struct QueueSpread {
    double relative = 0;  // standard deviation of a queue's length over its mean
    double longest = 0;   // the longest queue's excess over the mean, relative
    // Part of a queue's mean length by which queues exceed the median, averaged over all of them.
    double beyond_median() const;
};

// Each of `queues` queues takes a token with the same probability: `drawn` tokens pass, `kept` of them are its own. The
// longest follows Blom's estimate of the largest of as many normal variables. ModelError: more kept than drawn.
QueueSpread queue_spread(double drawn, double kept, double queues);

// Expected load of the busiest of `gpus` GPUs over the mean, where that of the busiest of their nodes is `node` over
// the mean: a node's load is a sum of independent ones, so GPUs' loads spread wider by the root of their number.
double busiest_gpu(double node, int nodes, int gpus);

// While all queues are busy they share the wires; when the median one has ended the longest still has its excess, at
// the pace that a warp has alone.
Time with_longest(Time shared, Time alone, const QueueSpread& spread);

}  // namespace tessera
