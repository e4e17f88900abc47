// What replay notes about each task of rank 0 while it runs; the timeline and the critical path are read off it.
#pragma once

#include "sim/replay/plan.hpp"

#include <array>
#include <vector>

namespace tessera {

// Why a task started no earlier: the predecessor that ended last (stream order or event wait), and the kernel whose
// end gave it its SMs if it waited for those after being ready.
struct Binding {
    TaskId predecessor = -1;
    Time predecessor_end{};
    TaskId sm_blocker = -1;
};

struct SpanLog {
    Time ready{}, start{}, end{};
    Time alone{};                                 // its time at full rate on the SMs it held
    Time clock_time{};                            // part of `alone` that scales with 1 / SM clock
    Time waited{};                                // for other ranks
    std::array<Time, shared_resources> slowed{};  // time lost to each shared resource
    Binding binding;
    Limiter limiter = Limiter::none;
    int sms = 0;  // most it held
    Traffic traffic;
    EnergyUse energy;
    double tensor_sm_seconds = 0;
};

// Adds the share `share` (0..1] of the kernel's work, done at `price`, to the log.
void log_work(SpanLog& log, const KernelResult& price, int repeat, double share);

Traffic scaled(const Traffic& t, double factor);
EnergyUse scaled(const EnergyUse& e, double factor);

// The limiter to report: that of the kernel, unless sharing a resource held it back for more than half its span.
Limiter span_limiter(const SpanLog& log);

Timeline make_timeline(const ReplayPlan& plan, const std::vector<SpanLog>& logs);

}  // namespace tessera
