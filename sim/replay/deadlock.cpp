#include "sim/replay/deadlock.hpp"

#include <algorithm>

namespace tessera {
namespace {

using Phase = StreamHead::Phase;

const Task& task_of(const ReplayPlan& plan, TaskId id) { return plan.graph->tasks[static_cast<std::size_t>(id)]; }

std::string named(const ReplayPlan& plan, TaskId id) {
    const Task& task = task_of(plan, id);
    return "\"" + task.name + "\" (stream " + plan.graph->streams[static_cast<std::size_t>(task.stream)].name + ")";
}

// What the head of a stream waits for: an unfinished dependency, or -1.
TaskId open_dependency(const ReplayPlan& plan, const RankReplay& rank, TaskId id) {
    for (const TaskId d : task_of(plan, id).deps) {
        if (!rank.completed(d)) { return d; }
    }
    return -1;
}

// Follows event waits and stream order until a task comes up again.
std::string chain(const ReplayPlan& plan, const RankReplay& rank, TaskId first) {
    std::string text = named(plan, first);
    std::vector<TaskId> seen = {first};
    for (TaskId at = first;;) {
        const StreamHead& head = rank.heads()[static_cast<std::size_t>(task_of(plan, at).stream)];
        TaskId next = -1;
        if (head.task != at) {
            next = head.task;
            text += ", queued behind ";
        } else {
            next = open_dependency(plan, rank, at);
            text += " waits for ";
        }
        if (next < 0) { return text + (head.phase == Phase::queued ? "SMs that never fall free" : "nothing known"); }
        text += named(plan, next);
        if (std::find(seen.begin(), seen.end(), next) != seen.end()) { return text + ": a circle"; }
        seen.push_back(next);
        at = next;
    }
}

// Ranks that have not reached the meeting `id`, at most four by number.
std::string missing_ranks(const std::vector<RankReplay>& ranks, const ReplayPlan& plan, TaskId id) {
    std::string text;
    int missing = 0;
    for (std::size_t r = 0; r < ranks.size(); ++r) {
        const StreamHead& head = ranks[r].heads()[static_cast<std::size_t>(task_of(plan, id).stream)];
        if (head.task == id && head.phase == Phase::held) { continue; }
        if (++missing <= 4) { text += (missing > 1 ? ", " : "") + std::to_string(r); }
    }
    return text + (missing > 4 ? " and " + std::to_string(missing - 4) + " more" : "");
}

}  // namespace

std::string describe_deadlock(const ReplayPlan& plan, const std::vector<RankReplay>& ranks) {
    for (std::size_t r = 0; r < ranks.size(); ++r) {
        const RankReplay& rank = ranks[r];
        if (rank.finished()) { continue; }
        const std::string where = "replay makes no progress on rank " + std::to_string(r) + ": ";
        for (const StreamHead& head : rank.heads()) {  // a stuck wait explains more than the meeting it delays
            if (head.phase == Phase::waiting || head.phase == Phase::queued) {
                return where + chain(plan, rank, head.task);
            }
        }
        for (const StreamHead& head : rank.heads()) {
            if (head.phase == Phase::held) {
                return where + named(plan, head.task) + " waits for rank " + missing_ranks(ranks, plan, head.task);
            }
            if (head.phase == Phase::running) {
                return where + named(plan, head.task) + " runs without SMs or bandwidth";
            }
        }
    }
    return "replay makes no progress";
}

}  // namespace tessera
