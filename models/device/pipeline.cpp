#include "models/device/pipeline.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

Time first_chunk(const Leg& leg) { return leg.busy / std::max(1.0, leg.chunks); }

}  // namespace

const Leg& slowest(const std::vector<Leg>& legs) {
    invariant(!legs.empty(), "a pipeline without legs");
    return *std::max_element(legs.begin(), legs.end(), [](const Leg& a, const Leg& b) { return a.busy < b.busy; });
}

Time pipeline_time(const std::vector<Leg>& legs) {
    Time fill, rest = slowest(legs).busy - first_chunk(slowest(legs));
    for (const Leg& leg : legs) {
        fill += first_chunk(leg) + leg.latency;
        rest = max(rest, leg.busy - first_chunk(leg));
    }
    return fill + rest;
}

}  // namespace tessera
