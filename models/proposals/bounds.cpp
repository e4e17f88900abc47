#include "models/proposals/bounds.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace tessera {

Time barrier_wait(const RunResult& baseline) {
    Time sum{};
    for (const Span& span : baseline.timeline.spans) { sum += span.waited; }
    return sum;
}

Time beyond_compute(const RunResult& baseline) {
    std::map<std::string, Time> alone;
    for (const Span& span : baseline.timeline.spans) {
        if (span.op_class.rfind("comm_", 0) != 0) { alone[span.stream] += span.alone; }
    }
    Time busiest{};
    for (const auto& [stream, time] : alone) { busiest = max(busiest, time); }
    return max(baseline.time - busiest, Time::zero());
}

Time removable_time(const RunResult& baseline, const SystemConfig& system, const RemovableShare& share) {
    Time own{}, contention{};
    for (const Span& span : baseline.timeline.spans) {
        const Time busy = span.end - span.start - span.waited;
        const double removable = std::clamp(share(span), 0.0, 1.0);
        own += (busy + system.launch.kernel_gap * static_cast<double>(span.kernels)) * removable;
        contention += max(busy - span.alone, Time::zero()) * (1.0 - removable);
    }
    if (own == Time::zero()) { return Time::zero(); }
    const double slower_ranks = 1.0 + barrier_wait(baseline) / max(baseline.time, femtoseconds(1));
    return min((own + contention) * slower_ranks, baseline.time);
}

}  // namespace tessera
