// The chain of tasks of rank 0 that the wall time consists of, walked back from the last span: through the predecessor
// that ended last (stream order or event wait, plus the launch gap) or the kernel that held the SMs. At a meeting
// point the part spent waiting for other ranks is the share "wait"; the walk stays on rank 0.
#pragma once

#include "sim/base/units.hpp"
#include "sim/ir/task_graph.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera {

struct SpanLog;

struct CriticalStep {
    TaskId task = 0;
    Time gap{};     // launch gap before it, or time it was ready without SMs
    Time waited{};  // for other ranks
    Time busy{};    // its span less `waited`
};

struct CriticalPath {
    std::vector<CriticalStep> steps;      // in time order; gap + waited + busy of all steps = the last span's end
    std::map<std::string, double> share;  // by limiter, "gap" and "wait"; adds up to 1 (empty for an empty graph)
    Time waited{};
    Time clock_time{};  // part of it that scales with 1 / SM clock
};

CriticalPath critical_path(const std::vector<SpanLog>& logs);

}  // namespace tessera
