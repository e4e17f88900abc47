// Who holds which SMs: the policy of the thread block scheduler as the replay sees it, as a pure function.
//
// - fixed: kernels whose thread blocks meet in barriers (dispatch, combine, notify) start when all their SMs are there
//   and keep them; a waiting one reserves the SMs that are free.
// - growing: a persistent grid starts with the SMs it finds, takes more as they fall free, never gives one back.
// - elastic: a one-shot grid takes what is free and, as its thread blocks are short, leaves SMs to earlier claims.
// - none: copy engines and co-processors.
// Kernels of communication streams come first (DeepEP launches on high-priority streams), then the order of launch.
#pragma once

#include "sim/ir/task_graph.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

enum class SmHold : std::uint8_t { none, fixed, growing, elastic };

// What a task may hold at most. For `fixed` it is what it needs.
struct SmNeed {
    SmHold hold = SmHold::elastic;
    int sms = 0;
    bool urgent = false;  // on a communication stream
};

// The need of `task` on a device of `total` SMs. ModelError naming the task if it can never be satisfied.
SmNeed sm_need(const Task& task, const Stream& stream, int total);

// One running or waiting kernel of a GPU.
struct SmClaim {
    SmHold hold = SmHold::elastic;
    int want = 0;          // most it can use
    bool urgent = false;   // as in SmNeed
    std::int64_t order{};  // position in the order of launch
    bool started = false;
    int held = 0;  // in: SMs held now; out: SMs held from now on (0: waits, or is starved if started)
};

// Distributes `total` SMs over the claims; a claim with want 0 and hold none always starts.
void grant_sms(std::vector<SmClaim>& claims, int total);

}  // namespace tessera
