// The task graph prepared for replay: what every rank shares and never changes while time runs.
#pragma once

#include "sim/replay/demand.hpp"
#include "sim/replay/partition.hpp"
#include "sim/replay/replay.hpp"

namespace tessera {

enum class Meeting : std::uint8_t { none, barrier, exchange };

struct PlannedTask {
    StreamId stream = 0;
    SmNeed need;
    Meeting meeting = Meeting::none;
    int repeat = 1;
    bool recorded_gap = false;
    Time gap{}, first_gap{};                  // before it becomes ready; if nothing runs before it
    int dependencies = 0;                     // event waits to see, stream order apart
    int first_successor = 0, successors = 0;  // range in ReplayPlan::successors
};

struct ReplayPlan {
    const TaskGraph* graph = nullptr;
    std::vector<PlannedTask> tasks;
    std::vector<TaskId> successors;                 // tasks released by a task through an event wait
    std::vector<std::vector<TaskId>> stream_tasks;  // in launch order
    ResourceRates capacity{};
    int total_sms = 0;
    Time gap{};
    bool contention = true;
};

ReplayPlan plan_replay(const ReplayInput& input);

// Time of `task` at a price: repeats run back to back with a launch gap between them.
Time task_time(const PlannedTask& task, const KernelResult& price, Time gap);

}  // namespace tessera
