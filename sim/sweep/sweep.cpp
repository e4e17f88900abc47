#include "sim/sweep/sweep.hpp"

#include "sim/app/shared_memo.hpp"
#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace tessera::sweep {
namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
    std::vector<std::string> lines;
    for (const Diagnostic& d : diagnostics) { lines.push_back(to_string(d)); }
    return join(lines, "; ");
}

double estimated(const Plan& plan, const Store& store, std::size_t point) {
    const Record r = store.get(Stage::estimate, plan.key(point));
    return r.status == Status::done ? r.result.find("time_s")->as_double() : INFINITY;
}

// Whether each point is worth simulating: the share with the smallest estimates, and the reference.
std::vector<bool> kept(const Plan& plan, const Store& store) {
    std::vector<bool> keep(plan.size() + 1, plan.config().keep >= 1);
    keep[plan.reference()] = true;
    if (plan.config().keep >= 1) { return keep; }
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t p = 0; p < plan.size(); ++p) {
        if (plan.key(p).empty() || !store.knows(Stage::estimate, plan.key(p))) { continue; }
        order.emplace_back(estimated(plan, store, p), p);
    }
    std::sort(order.begin(), order.end());
    const double share = std::ceil(plan.config().keep * static_cast<double>(order.size()));
    for (std::size_t i = 0; i < order.size() && static_cast<double>(i) < share; ++i) { keep[order[i].second] = true; }
    return keep;
}

[[noreturn]] void rethrow(const std::string& what, const Ended& ended) {
    switch (ended.how) {
        case Ended::How::config: throw ConfigError(diagnostics_of(ended));
        case Ended::How::internal: throw InternalError(what + ": " + ended.text);
        default: throw ModelError(what + ": " + ended.text);
    }
}

class Runner {
public:
    Runner(const Plan& plan, Store& store, const Options& options)
        : plan_(plan), store_(store), options_(options), limits_{plan.config().seconds, plan.config().memory} {}

    void run() {
        for (Stage stage{}; next_stage(plan_, store_, stage);) { run_stage(stage); }
    }

private:
    void run_stage(Stage stage) {
        const std::vector<std::size_t> points = pending(plan_, store_, stage);
        std::size_t started = 0, done = 0;
        // The reference comes first and alone: every point needs most of its kernels.
        const bool lead = !points.empty() && points.front() == plan_.reference();
        const auto most = static_cast<std::size_t>(std::max(options_.jobs, 1));
        Children children;
        while (done < points.size()) {
            while (started < points.size() && children.count() < (lead && done == 0 ? 1 : most)) {
                const std::size_t point = points[started++];
                children.start(
                    point, [&, point] { return to_line(simulate_here(point, stage)); }, limits_);
            }
            const Ended ended = children.next();
            const Record record = record_of(plan_, ended.index, stage, ended);
            if (ended.index == plan_.reference() && record.status != Status::done) {
                if (ended.how == Ended::How::answer) { throw ModelError("the reference: " + record.reason); }
                rethrow("the reference", ended);
            }
            store_.add(record);
            ++done;
            if (options_.progress) { options_.progress(done, points.size(), "point"); }
        }
    }

    Record simulate_here(std::size_t point, Stage stage) {
        TimerPool timers(options_.devices ? options_.devices : simulated_devices(), &shared_);
        return run_point(plan_, point, stage, timers);
    }

    const Plan& plan_;
    Store& store_;
    const Options& options_;
    ChildLimits limits_;
    SharedMemo shared_;
};

}  // namespace

Plan::Plan(const SweepConfig& config)
    : config_(config), sampler_(config_), keys_(sampler_.size() + 1), known_(sampler_.size() + 1, false) {
    key(reference());  // without it nothing compares
}

const std::string& Plan::key(std::size_t point) const {
    if (!known_.at(point)) {
        try {
            keys_[point] = key_of(configuration(point));
        } catch (const ConfigError& e) {
            if (point == reference()) { throw; }
            reasons_[point] = joined(e.diagnostics());
        }
        known_[point] = true;
    }
    return keys_[point];
}

std::vector<Setting> Plan::settings(std::size_t point) const {
    if (point == sampler_.size()) { return {}; }
    return sampler_.settings(point);
}

const std::string& Plan::reason(std::size_t point) const {
    invariant(key(point).empty(), "a point that is possible has no reason");
    return reasons_.at(point);
}

RunConfig Plan::configuration(std::size_t point) const {
    if (point < sampler_.size()) { return configure(config_, sampler_.settings(point)); }
    RunConfig reference = configure(config_, {});
    reference.proposals.clear();
    return reference;
}

std::vector<std::size_t> pending(const Plan& plan, const Store& store, Stage stage) {
    std::vector<std::size_t> points;
    std::unordered_set<std::string> seen;
    const std::vector<bool> keep =
        stage == Stage::simulation ? kept(plan, store) : std::vector<bool>(plan.size() + 1, true);
    const auto consider = [&](std::size_t p) {
        const std::string& key = plan.key(p);
        if (!key.empty() && keep[p] && !store.has(stage, key) && seen.insert(key).second) { points.push_back(p); }
    };
    if (stage == Stage::simulation) { consider(plan.reference()); }
    for (const std::size_t p : scattered(plan.size())) { consider(p); }
    return points;
}

bool next_stage(const Plan& plan, const Store& store, Stage& stage) {
    if (plan.config().keep < 1 && !pending(plan, store, Stage::estimate).empty()) {
        stage = Stage::estimate;
        return true;
    }
    stage = Stage::simulation;
    return !pending(plan, store, Stage::simulation).empty();
}

Record run_point(const Plan& plan, std::size_t point, Stage stage, TimerPool& timers) {
    Record r{plan.key(point), stage, Status::done, {}, {}};
    try {
        const RunConfig config = plan.configuration(point);
        r.result = stage == Stage::estimate ? estimate(config) : simulate(config, timers);
    } catch (const ConfigError& e) {
        r.status = Status::skipped;
        r.reason = joined(e.diagnostics());
    } catch (const ModelError& e) {
        r.status = Status::skipped;
        r.reason = e.what();
    }
    return r;
}

Record record_of(const Plan& plan, std::size_t point, Stage stage, const Ended& ended) {
    if (ended.how == Ended::How::answer) { return record_from(ended.text, "a point's answer"); }
    if (ended.how == Ended::How::internal) {
        throw InternalError("point " + std::to_string(point) + ": " + ended.text);
    }
    Record r{plan.key(point), stage, Status::failed, ended.text, {}};
    if (ended.how == Ended::How::time) {
        r.status = Status::time;
        r.reason = "took longer than its limit of " + human(seconds(plan.config().seconds));
    } else if (ended.how == Ended::How::memory) {
        r.status = Status::memory;
        r.reason = "needs more memory than its limit of " + human_binary(bytes(plan.config().memory));
    }
    return r;
}

void run_sweep(const Plan& plan, Store& store, const Options& options) { Runner(plan, store, options).run(); }

Outcomes::Outcomes(const Plan& plan, const Store& store) : plan_(&plan), store_(&store), kept_(kept(plan, store)) {}

Outcome Outcomes::at(std::size_t point) const {
    Outcome o;
    const std::string& key = plan_->key(point);
    if (key.empty()) {
        o.status = Status::skipped;
        o.reason = plan_->reason(point);
        return o;
    }
    Record r = store_->get(kept_[point] ? Stage::simulation : Stage::estimate, key);
    o.filtered = !kept_[point] && r.status == Status::done;
    o.status = r.status;
    o.reason = std::move(r.reason);
    o.result = std::move(r.result);
    return o;
}

}  // namespace tessera::sweep
