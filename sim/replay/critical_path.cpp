#include "sim/replay/critical_path.hpp"

#include "sim/base/error.hpp"
#include "sim/replay/span_log.hpp"

#include <algorithm>

namespace tessera {
namespace {

TaskId last_to_end(const std::vector<SpanLog>& logs) {
    const auto last =
        std::max_element(logs.begin(), logs.end(), [](const SpanLog& a, const SpanLog& b) { return a.end < b.end; });
    return static_cast<TaskId>(last - logs.begin());
}

// The task before `log` on the path and when it ended; -1 at the start of time.
TaskId before(const SpanLog& log, const std::vector<SpanLog>& logs, Time& ended) {
    const TaskId blocker = log.binding.sm_blocker;
    if (blocker >= 0 && logs[static_cast<std::size_t>(blocker)].end == log.start) {
        ended = log.start;
        return blocker;
    }
    ended = log.binding.predecessor >= 0 ? log.binding.predecessor_end : Time::zero();
    return log.binding.predecessor;
}

}  // namespace

CriticalPath critical_path(const std::vector<SpanLog>& logs) {
    CriticalPath path;
    if (logs.empty()) { return path; }
    std::map<std::string, Time> parts;
    const TaskId last = last_to_end(logs);
    for (TaskId task = last; task >= 0;) {
        invariant(path.steps.size() < logs.size(), "the critical path runs in a circle");
        const SpanLog& log = logs[static_cast<std::size_t>(task)];
        Time ended{};
        const TaskId previous = before(log, logs, ended);
        CriticalStep step{task, log.start - ended, log.waited, log.end - log.start - log.waited};
        Time own = step.busy;
        for (std::size_t r = 0; r < shared_resources; ++r) {
            if (log.slowed[r] <= Time::zero()) { continue; }
            parts[std::string(to_string(limiter_of(static_cast<SharedResource>(r))))] += log.slowed[r];
            own -= log.slowed[r];
        }
        parts[std::string(to_string(log.limiter))] += own;
        if (step.gap > Time::zero()) { parts["gap"] += step.gap; }
        if (step.waited > Time::zero()) { parts["wait"] += step.waited; }
        path.waited += step.waited;
        path.clock_time += min(log.clock_time, step.busy);
        path.steps.push_back(step);
        task = previous;
    }
    std::reverse(path.steps.begin(), path.steps.end());
    const Time wall = logs[static_cast<std::size_t>(last)].end;
    for (const auto& [label, time] : parts) { path.share[label] = time / wall; }
    return path;
}

}  // namespace tessera
