#include "sim/traces/launch_places.hpp"

#include <algorithm>
#include <map>

namespace tessera::traces {
namespace {

constexpr std::size_t most_open = 4096;  // ranges that hold one moment; beyond, the oldest go

struct Range {
    std::int64_t start = 0, end = 0, thread = 0;
    LaunchPlace place;
};

std::vector<Range> ranges_of(const RecordedTrace& trace, bool on_device) {
    std::vector<Range> ranges;
    for (const Annotation& a : trace.annotations) {
        const std::string& name = trace.names.text(a.name);
        if (a.on_device != on_device || name.rfind("ProfilerStep", 0) == 0) { continue; }
        ranges.push_back({a.start_ns, a.end_ns, a.thread, {name, -1, 0}});
    }
    std::stable_sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
        return a.start != b.start ? a.start < b.start : a.end > b.end;
    });
    std::map<std::string, int> count;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        ranges[i].place.instance = static_cast<int>(i);
        ranges[i].place.iteration = count[ranges[i].place.region]++;
    }
    return ranges;
}

}  // namespace

std::vector<LaunchPlace> launch_places(const RecordedTrace& trace, const std::vector<RecordedKernel>& kernels,
                                       const std::vector<std::int64_t>& launched,
                                       const std::vector<std::int64_t>& threads) {
    std::vector<LaunchPlace> places(kernels.size());
    for (const bool on_device : {false, true}) {
        const std::vector<Range> ranges = ranges_of(trace, on_device);
        if (ranges.empty()) { continue; }
        std::vector<std::size_t> order;
        const auto at = [&](std::size_t i) { return on_device ? kernels[i].start_ns : launched[i]; };
        for (std::size_t i = 0; i < kernels.size(); ++i) {
            if ((launched[i] >= 0) != on_device) { order.push_back(i); }
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return at(a) < at(b); });
        std::vector<const Range*> open;
        std::size_t next = 0;
        for (const std::size_t i : order) {
            while (next < ranges.size() && ranges[next].start <= at(i)) { open.push_back(&ranges[next++]); }
            open.erase(std::remove_if(open.begin(), open.end(), [&](const Range* r) { return r->end < at(i); }),
                       open.end());
            if (open.size() > most_open) { open.erase(open.begin(), open.end() - most_open); }
            const auto own = std::find_if(open.rbegin(), open.rend(),
                                          [&](const Range* r) { return on_device || r->thread == threads[i]; });
            if (own != open.rend()) {
                places[i] = (*own)->place;
            } else if (!open.empty()) {
                places[i] = open.back()->place;
            }
        }
    }
    return places;
}

}  // namespace tessera::traces
