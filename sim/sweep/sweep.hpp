// Runs a sweep: every point in a process of its own, within its limits, what it found kept as it ends.
#pragma once

#include "sim/app/children.hpp"
#include "sim/app/parallel.hpp"
#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/sweep/sampling.hpp"
#include "sim/sweep/store.hpp"
#include "sim/sweep/sweep_config.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tessera::sweep {

// What happened to one point.
struct Outcome {
    Status status = Status::done;
    bool filtered = false;  // the roofline says that others are faster; `result` holds the estimate
    std::string reason;     // unless done or filtered
    JsonValue result;       // of point.hpp's simulate()
};

// The points of a sweep with their keys, worked out when they are asked for (about 2 ms each). A point whose
// configuration does not hold together has a reason instead.
class Plan {
public:
    explicit Plan(const SweepConfig& config);
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    const SweepConfig& config() const { return config_; }
    std::size_t size() const { return sampler_.size(); }
    // Point size() is the reference: the base as it is, without proposals.
    std::size_t reference() const { return size(); }
    std::vector<Setting> settings(std::size_t point) const;
    const std::string& key(std::size_t point) const;     // empty: impossible
    const std::string& reason(std::size_t point) const;  // why it is impossible
    RunConfig configuration(std::size_t point) const;

private:
    SweepConfig config_;
    Sampler sampler_;
    mutable std::vector<std::string> keys_;
    mutable std::vector<bool> known_;
    mutable std::unordered_map<std::size_t, std::string> reasons_;  // looked up, never iterated
};

// The points that `stage` still has to run, each key once, in the order in which they are best run (neighbours apart).
// Simulation follows the estimates of all points if the sweep filters.
std::vector<std::size_t> pending(const Plan& plan, const Store& store, Stage stage);

// The stage that comes next, if any.
bool next_stage(const Plan& plan, const Store& store, Stage& stage);

// Runs one stage of one point in this process; problems come back as the record's status.
Record run_point(const Plan& plan, std::size_t point, Stage stage, TimerPool& timers);

// What the child that ran `point` sent, as the line to keep.
Record record_of(const Plan& plan, std::size_t point, Stage stage, const Ended& ended);

struct Options {
    int jobs = 1;
    ProgressFn progress;
    TimerFactory devices;  // empty: the simulated device
};

// Runs what is pending until nothing is, `jobs` processes at a time. The outcome of each point does not depend on
// `jobs`. Throws what is wrong with the reference: without it nothing compares.
void run_sweep(const Plan& plan, Store& store, const Options& options);

// What became of each point, after run_sweep(). Refers to both.
class Outcomes {
public:
    Outcomes(const Plan& plan, const Store& store);
    Outcome at(std::size_t point) const;
    const Plan& plan() const { return *plan_; }

private:
    const Plan* plan_;
    const Store* store_;
    std::vector<bool> kept_;
};

}  // namespace tessera::sweep
