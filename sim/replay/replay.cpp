#include "sim/replay/replay.hpp"

#include "sim/base/error.hpp"
#include "sim/replay/deadlock.hpp"
#include "sim/replay/rank.hpp"

#include <algorithm>

namespace tessera {
namespace {

// The next event of one rank. Entries are not removed when a rank's next event changes; they are skipped when due.
struct Event {
    Time time{};
    std::size_t rank = 0;
};

bool later(const Event& a, const Event& b) { return a.time != b.time ? a.time > b.time : a.rank > b.rank; }

class EventQueue {
public:
    explicit EventQueue(std::size_t ranks) { heap_.reserve(4 * ranks); }
    bool empty() const { return heap_.empty(); }
    void push(Event e) {
        if (e.time == Time::max()) { return; }
        heap_.push_back(e);
        std::push_heap(heap_.begin(), heap_.end(), later);
    }
    Event pop() {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        const Event e = heap_.back();
        heap_.pop_back();
        return e;
    }

private:
    std::vector<Event> heap_;
};

class Cluster {
public:
    Cluster(const ReplayInput& input, const ReplayPlan& plan, KernelPrices& prices, std::vector<SpanLog>& logs)
        : plan_(&plan), arrived_(plan.tasks.size(), 0), queue_(input.ranks.size()) {
        ranks_.reserve(input.ranks.size());
        for (std::size_t r = 0; r < input.ranks.size(); ++r) {
            ranks_.emplace_back(plan, input.ranks[r], prices, r == 0 ? &logs : nullptr);
        }
    }

    void run() {
        for (std::size_t r = 0; r < ranks_.size(); ++r) { queue_.push({Time::zero(), r}); }
        while (!queue_.empty()) {
            const Event e = queue_.pop();
            RankReplay& rank = ranks_[e.rank];
            if (rank.next_event() > e.time) { continue; }  // outdated: the rank's events have moved
            arrivals_.clear();
            rank.step(e.time, arrivals_);
            queue_.push({rank.next_event(), e.rank});
            for (const Arrival& a : arrivals_) { arrive(a); }
        }
        const bool finished = std::all_of(ranks_.begin(), ranks_.end(), [](const auto& r) { return r.finished(); });
        if (!finished) { throw ModelError(describe_deadlock(*plan_, ranks_)); }
    }

    const std::vector<RankReplay>& ranks() const { return ranks_; }

private:
    void arrive(const Arrival& a) {
        if (++arrived_[static_cast<std::size_t>(a.task)] < ranks_.size()) { return; }
        for (std::size_t r = 0; r < ranks_.size(); ++r) {
            ranks_[r].release(a.task, a.time);
            queue_.push({ranks_[r].next_event(), r});
        }
    }

    const ReplayPlan* plan_;
    std::vector<std::size_t> arrived_;  // ranks that have reached each meeting point
    std::vector<RankReplay> ranks_;
    EventQueue queue_;
    std::vector<Arrival> arrivals_;
};

}  // namespace

namespace {

void add_loss(SharingLoss& loss, const SpanLog& log) {
    for (std::size_t r = 0; r < shared_resources; ++r) {
        const Limiter what = limiter_of(static_cast<SharedResource>(r));
        (what == Limiter::hbm ? loss.hbm : what == Limiter::l2 ? loss.l2 : loss.links) += log.slowed[r];
    }
}

void add_communication(const ReplayPlan& plan, const std::vector<SpanLog>& logs, ReplayOutcome& outcome) {
    CommunicationCost& c = outcome.communication;
    Time wall;
    double held = 0;
    for (std::size_t t = 0; t < logs.size(); ++t) {
        const SpanLog& log = logs[t];
        const KernelDesc& kernel = plan.graph->tasks[t].kernel;
        const bool exchange = std::holds_alternative<ExchangeDesc>(kernel);
        const bool meets = exchange || std::holds_alternative<BarrierDesc>(kernel);
        wall = max(wall, log.end);
        add_loss(meets ? c.moved : c.compute, log);
        if (!meets) {
            outcome.compute_clock_time += log.clock_time;
            continue;
        }
        c.sms = std::max(c.sms, log.sms);
        c.waited += log.waited;
        if (exchange) { c.moving += log.alone; }
        held += log.sms * to_seconds(log.end - log.start);
    }
    if (wall > Time::zero()) { c.sm_share = held / (plan.total_sms * to_seconds(wall)); }
}

}  // namespace

ReplayOutcome replay(const ReplayInput& input, KernelPrices& prices) {
    const ReplayPlan plan = plan_replay(input);
    std::vector<SpanLog> logs(plan.tasks.size());
    Cluster cluster(input, plan, prices, logs);
    cluster.run();

    ReplayOutcome outcome;
    outcome.timeline = make_timeline(plan, logs);
    outcome.critical = critical_path(logs);
    outcome.timeline.critical_by_wait = outcome.critical.waited;
    std::vector<std::uint8_t> critical(logs.size(), 0);
    for (const CriticalStep& s : outcome.critical.steps) { critical[static_cast<std::size_t>(s.task)] = 1; }
    for (Span& span : outcome.timeline.spans) { span.critical = critical[static_cast<std::size_t>(span.task)] != 0; }
    for (const SpanLog& log : logs) {
        outcome.traffic += log.traffic;
        outcome.energy += log.energy;
        outcome.tensor_sm_seconds += log.tensor_sm_seconds;
    }
    add_communication(plan, logs, outcome);
    outcome.sm_seconds = cluster.ranks().front().sm_seconds();
    for (const RankReplay& rank : cluster.ranks()) { outcome.finished.push_back(rank.last_end()); }
    return outcome;
}

}  // namespace tessera
