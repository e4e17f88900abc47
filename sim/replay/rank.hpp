// One rank's GPU during replay: its streams, SMs and shared bandwidth. Knows nothing of the other ranks; it reports
// arrivals at meeting points and is told when they are over.
#pragma once

#include "sim/replay/share.hpp"
#include "sim/replay/span_log.hpp"

#include <vector>

namespace tessera {

// A rank has reached a meeting point: started a barrier, or moved the bytes of an exchange.
struct Arrival {
    TaskId task = 0;
    Time time{};
};

// The head of one stream.
struct StreamHead {
    enum class Phase : std::uint8_t {
        waiting,  // for event waits
        gap,      // becomes ready at `until`
        queued,   // ready, wants SMs
        running,  // ends at `until` if nothing changes
        held,     // at a meeting point, others are missing
        leaving,  // the meeting ends at `until`
        done      // no tasks left on the stream
    };
    Phase phase = Phase::done;
    TaskId task = -1;
    std::size_t position = 0;  // in the stream's list
    Time until = Time::max();
    Time anchor{};           // `left` was true then
    double left = 1;         // share of the work still to do at `anchor`
    double priced_left = 1;  // what was left when the price last changed
    double rate = 1;
    int bound_by = -1;
    bool stale = false;  // price changed: `until` must be worked out again
    const KernelResult* price = nullptr;
    Time work{};  // the whole task at this price
    int sms = 0, want = 0;
    std::int64_t order = 0;
};

class RankReplay {
public:
    // `logs`: one entry per task to be filled, or nullptr for ranks whose timeline nobody reads.
    RankReplay(const ReplayPlan& plan, const RankKernels& load, KernelPrices& prices, std::vector<SpanLog>* logs);

    Time next_event() const { return next_; }  // Time::max(): nothing will happen by itself
    // Does everything that is due at `now`; appends arrivals at meeting points.
    void step(Time now, std::vector<Arrival>& arrivals);
    // The meeting of `task` is complete: its last rank arrived at `latest`.
    void release(TaskId task, Time latest);

    bool finished() const { return tasks_left_ == 0; }
    Time last_end() const { return last_end_; }
    double sm_seconds() const { return sm_seconds_; }
    const std::vector<StreamHead>& heads() const { return heads_; }
    bool completed(TaskId t) const { return done_[static_cast<std::size_t>(t)] != 0; }

private:
    using Phase = StreamHead::Phase;
    const PlannedTask& planned(TaskId t) const { return plan_->tasks[static_cast<std::size_t>(t)]; }
    SpanLog* log(TaskId t) { return logs_ ? &(*logs_)[static_cast<std::size_t>(t)] : nullptr; }
    bool advance_due(Time now, std::vector<Arrival>& arrivals);
    void arm(StreamHead& head, Time now, TaskId predecessor);
    void own_work_done(StreamHead& head, Time now, std::vector<Arrival>& arrivals);
    void complete(StreamHead& head, Time now);
    bool hand_out_sms(Time now, std::vector<Arrival>& arrivals);
    void start(StreamHead& head, Time now, std::vector<Arrival>& arrivals);
    void reprice(StreamHead& head, int sms, Time now);
    const KernelResult& price(const StreamHead& head, int sms);
    void settle(StreamHead& head, Time now);
    void share_bandwidth(Time now);
    void account(Time now);

    const ReplayPlan* plan_;
    const RankKernels* load_;
    KernelPrices* prices_;
    std::vector<SpanLog>* logs_;
    std::vector<StreamHead> heads_;
    std::vector<int> pending_;        // event waits still to see, by task
    std::vector<std::uint8_t> done_;  // by task
    std::size_t tasks_left_ = 0;
    std::int64_t launches_ = 0;
    TaskId last_completed_ = -1;
    Time last_end_{}, accounted_{}, next_{};
    double sm_seconds_ = 0;
    // Scratch of step(), kept so that no event allocates.
    std::vector<SmClaim> claims_;
    std::vector<std::size_t> claim_heads_, sharer_heads_;
    std::vector<Sharer> sharers_;
};

}  // namespace tessera
