#include "sim/traces/import_summary.hpp"

#include <algorithm>
#include <map>

namespace tessera::traces {
namespace {

using Totals = std::map<std::string, ImportShare>;

void add(Totals& totals, const std::string& what, Time time) {
    ImportShare& s = totals[what];
    s.what = what;
    ++s.kernels;
    s.time += time;
}

std::vector<ImportShare> largest_first(const Totals& totals, Time whole) {
    std::vector<ImportShare> list;
    for (const auto& [what, s] : totals) {
        list.push_back(s);
        list.back().share = whole > Time::zero() ? s.time / whole : 0;
    }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    return list;
}

}  // namespace

ImportSummary summarize(const ImportedWorkload& w) {
    ImportSummary s;
    Totals classes, unknown, unshaped;
    Time named{}, shaped{};
    for (const WorkloadTask& t : w.tasks) {
        const bool known = t.op_class != "unknown";
        s.kernel_time += t.duration;
        add(classes, t.op_class, t.duration);
        if (!known) { add(unknown, t.role, t.duration); }
        if (known && !t.kernel) { add(unshaped, t.role, t.duration); }
        if (known) { named += t.duration; }
        if (t.kernel) { shaped += t.duration; }
    }
    if (s.kernel_time > Time::zero()) {
        s.named = named / s.kernel_time;
        s.shaped = shaped / s.kernel_time;
    }
    s.classes = largest_first(classes, s.kernel_time);
    s.unknown = largest_first(unknown, s.kernel_time);
    s.unshaped = largest_first(unshaped, s.kernel_time);
    return s;
}

}  // namespace tessera::traces
