#include "sim/replay/partition.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

SmNeed fixed_need(const Task& task, int sms, int total) {
    if (sms > total) {
        throw ModelError("task " + task.name + " needs " + std::to_string(sms) + " SMs at once, the device has " +
                         std::to_string(total));
    }
    return {sms > 0 ? SmHold::fixed : SmHold::none, sms, false};
}

// Claims in the order in which they are served: urgent first, then by launch.
bool served_before(const SmClaim& a, const SmClaim& b) {
    if (a.urgent != b.urgent) { return a.urgent; }
    return a.order < b.order;
}

int take(int& free, int want) {
    const int taken = std::min(free, want);
    free -= taken;
    return taken;
}

// Serves one claim that keeps nothing yet or may change; returns SMs that it reserves without starting.
void serve(SmClaim& c, int& free) {
    switch (c.hold) {
        case SmHold::none: return;
        case SmHold::fixed:
            if (c.started) { return; }
            // All or nothing; what it finds too few of stays reserved until the rest falls free.
            c.held = take(free, c.want) == c.want ? c.want : 0;
            return;
        case SmHold::growing: c.held += take(free, c.want - c.held); return;
        case SmHold::elastic: c.held = take(free, c.want); return;
    }
}

}  // namespace

SmNeed sm_need(const Task& task, const Stream& stream, int total) {
    SmNeed need;
    if (const auto* exchange = std::get_if<ExchangeDesc>(&task.kernel)) {
        need = fixed_need(task, exchange->sms, total);
    } else if (const auto* barrier = std::get_if<BarrierDesc>(&task.kernel)) {
        need = fixed_need(task, barrier->sms, total);
    } else if (const auto* recorded = std::get_if<RecordedDesc>(&task.kernel)) {
        need = {recorded->sms > 0 ? SmHold::elastic : SmHold::none, std::min(recorded->sms, total), false};
    } else {
        const int limit = task.sms > 0 ? task.sms : stream.max_sms;
        const auto* grid = std::get_if<StreamDesc>(&task.kernel);
        const bool persistent = task.sms > 0 || (grid != nullptr && grid->max_ctas > 0);
        need = {persistent ? SmHold::growing : SmHold::elastic, limit > 0 ? std::min(limit, total) : total, false};
    }
    need.urgent = stream.role == StreamRole::communication;
    return need;
}

void grant_sms(std::vector<SmClaim>& claims, int total) {
    int free = total;
    for (const SmClaim& c : claims) {
        if (c.started && (c.hold == SmHold::fixed || c.hold == SmHold::growing)) { free -= c.held; }
    }
    invariant(free >= 0, "more SMs are held than the device has");
    // Few claims (one per stream): serve the next in order by scanning, so nothing is allocated here.
    SmClaim* last = nullptr;
    for (std::size_t n = 0; n < claims.size(); ++n) {
        SmClaim* next = nullptr;
        for (SmClaim& c : claims) {
            if (last != nullptr && !served_before(*last, c)) { continue; }
            if (next == nullptr || served_before(c, *next)) { next = &c; }
        }
        invariant(next != nullptr, "two SM claims share one place in the order of launch");
        serve(*next, free);
        last = next;
    }
}

}  // namespace tessera
