// Runs a task graph on the streams of N ranks: event waits, launch gaps, SM partitions, shared bandwidth, and the
// points where ranks meet. No clocks and no SystemC: time jumps from event to event.
//
// Progress. A kernel on a partition of s SMs takes the time T(s) of its price; while others run it progresses at the
// rate of share.hpp. Shares and SMs are handed out again whenever a kernel of that GPU starts or ends.
// A task becomes ready one launch gap after its last predecessor (stream order or event wait) ended; tasks without a
// predecessor start at 0. A task that repeats n times takes n T + (n - 1) gaps.
//
// Where ranks meet. A barrier of more than one rank ends, on rank i, at max_j(start_j) + T_i: every rank has arrived
// and the fabric's latency has passed. An exchange moves its own bytes from its own launch, finishing them at f_i
// (later than alone if contended); it ends on every rank at max_j(f_j), for no rank has all its data before each peer
// has sent its last. The time spent beyond one's own work is Span::waited; the SMs stay held. Barriers and exchanges of
// one rank (ranks = 1) meet nobody.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"
#include "sim/ir/task_graph.hpp"
#include "sim/replay/critical_path.hpp"
#include "sim/result/run_result.hpp"

#include <vector>

namespace tessera {

// Times of the distinct kernels of all ranks. Index spaces are the caller's.
class KernelPrices {
public:
    virtual ~KernelPrices() = default;
    // Kernel `kernel` on a partition of `sms` SMs (0: it holds none). Must be pure; the reference stays valid.
    virtual const KernelResult& price(int kernel, int sms) = 0;
};

// One simulated rank: which kernel each task launches. Ranks that launch the same kernels behave alike, so one of
// them is enough: meeting points wait for the latest and counting it twice changes nothing.
struct RankKernels {
    std::vector<int> kernels;  // by task id: index into the prices
};

struct ReplayInput {
    const TaskGraph* graph = nullptr;  // structure, common to all ranks
    const SystemConfig* system = nullptr;
    Frequency sm_clock{};            // 0: the system's sustained clock
    std::vector<RankKernels> ranks;  // rank 0 first; its timeline is returned
    // By task: from the end of all it waits for (time 0 for the first) to its being ready, where that was recorded;
    // Time::max(), or no entry: the system's launch gap, and none for the first.
    std::vector<Time> gaps;
    bool recorded = false;  // durations are recordings: no contention, no SM limits, no meeting points
};

struct ReplayOutcome {
    Timeline timeline;                // of rank 0
    CriticalPath critical;            // of rank 0
    EnergyUse energy;                 // of rank 0, dynamic
    Traffic traffic;                  // of rank 0
    CommunicationCost communication;  // of rank 0, but what the clock costs: clock_time of compute kernels instead
    Time compute_clock_time{};        // of rank 0: part of the compute kernels' time that scales with 1 / SM clock
    double sm_seconds = 0;            // SMs held, integrated over time
    double tensor_sm_seconds = 0;     // Tensor Cores busy, summed over SMs
    std::vector<Time> finished;       // by rank: end of its last task
};

// ModelError: a kernel without time, SMs that can never be had, or a graph that stops making progress (the message
// names who waits for what). InternalError: loads that do not match the graph.
ReplayOutcome replay(const ReplayInput& input, KernelPrices& prices);

}  // namespace tessera
