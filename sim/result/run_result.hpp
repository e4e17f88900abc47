// What one simulation run and one comparison produce: plain values, no pointers into the simulation.
#pragma once

#include "sim/base/estimate.hpp"
#include "sim/base/units.hpp"
#include "sim/ir/kernel_result.hpp"
#include "sim/ir/task_graph.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tessera {

// One task's execution on the timeline of rank 0.
struct Span {
    TaskId task = 0;
    std::string name, role, op_class, region, stream;
    int iteration = 0;
    TaskPass pass = TaskPass::forward;
    Time start{}, end{};
    Time alone{};                     // the kernel's time without contention
    Time waited{};                    // barriers: part of the span spent waiting for other ranks
    Limiter limiter = Limiter::none;  // of the kernel alone; Limiter::hbm, l2 or link if contention slowed it more
    int sms = 0;
    Traffic traffic;
    double energy_j = 0;
    bool critical = false;  // on the critical path
    int kernels = 1;
};

struct Timeline {
    std::vector<std::string> streams;
    std::vector<Span> spans;  // sorted by (start, task)
    Time wall{};
    Time gap_time{};          // compute stream: launch gaps
    Time critical_by_wait{};  // part of the critical path spent in barrier waits
};

struct ClassTotal {  // one row of the breakdown table
    std::string op_class;
    int kernels = 0;
    Time time{};      // sum of spans
    Time critical{};  // part on the critical path
    Traffic traffic;
    Flops flops{};
    double energy_j = 0;
};

// Time lost to sharing, by what was short.
struct SharingLoss {
    Time hbm{}, l2{}, links{};  // HBM: longer round trips included; links: NVLink and NIC
};

// What communication costs on rank 0, each cause apart. Sums over kernels, not parts of the wall time: kernels overlap.
struct CommunicationCost {
    int sms = 0;                 // most SMs that exchanges and barriers held
    double sm_share = 0;         // of all SM-time they held
    Time moving{};               // exchanges, their own work
    Time waited{};               // exchanges and barriers, for other ranks
    SharingLoss compute, moved;  // what compute kernels and exchanges lost to each other
    Time below_max_clock{};      // what compute kernels take longer than at the highest SM clock
};

struct RunResult {
    std::string id;  // "baseline", "fused-cast-tma", "all", "all-but-warp-cast"
    std::vector<std::string> proposals;
    Time time{};  // wall time of the workload
    Traffic traffic;
    double energy_j = 0;                           // of the whole board: dynamic, below, and what it draws while idle
    EnergyUse energy;                              // dynamic, by component
    double idle_energy_j = 0;                      // leakage, clocks, fans: idle power over the run
    Limiter limiter = Limiter::none;               // largest share of the critical path
    std::map<std::string, double> critical_share;  // by limiter or "gap"; adds up to 1
    std::vector<ClassTotal> classes;               // descending time
    Frequency sm_clock{};                          // mean clock the run settled at
    double average_power_w = 0;
    double sm_utilization = 0;      // SM-time occupied by kernels / (SMs x wall)
    double tensor_utilization = 0;  // Tensor-Core busy / (SMs x wall)
    double hbm_utilization = 0;     // bytes / (peak x wall)
    CommunicationCost communication;
    double numeric_error = -1;  // filled when numerics are on; -1: not computed
    // What the workload is judged by beside its time, by name with the unit at its end: "tokens_per_day", "bubble_s".
    std::map<std::string, double> figures;
    Timeline timeline;
    // False: read from the result of an earlier version that did not have it. `energy_j` always stands.
    bool energy_recorded = true, communication_recorded = true;
    // A workload composed of several simulated graphs: theirs, in an order that the composition knows. Not part of a
    // result's document.
    std::vector<RunResult> parts;
};

// One variant against the baseline.
struct VariantOutcome {
    RunResult result;
    double speedup = 1.0;        // baseline time / time
    double bound_speedup = 1.0;  // most it could ever gain
    std::string bound_reason;
    Estimate area_mm2, cost_usd;             // silicon that the variant adds, and what making it costs
    bool silicon_recorded = true;            // false: read from the result of an earlier version
    std::vector<ClassTotal> removed, added;  // per class: time and bytes that vanished / appeared
};

struct Comparison {
    std::string workload, system;
    RunResult baseline;
    std::vector<VariantOutcome> variants;
    std::string provenance_json;  // effective configuration with the origin of each value
    std::string code_version;
};

}  // namespace tessera
