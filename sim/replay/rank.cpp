#include "sim/replay/rank.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

RankReplay::RankReplay(const ReplayPlan& plan, const RankKernels& load, KernelPrices& prices,
                       std::vector<SpanLog>* logs)
    : plan_(&plan),
      load_(&load),
      prices_(&prices),
      logs_(logs),
      heads_(plan.stream_tasks.size()),
      done_(plan.tasks.size(), 0),
      tasks_left_(plan.tasks.size()) {
    pending_.reserve(plan.tasks.size());
    for (const PlannedTask& t : plan.tasks) { pending_.push_back(t.dependencies); }
    for (std::size_t s = 0; s < heads_.size(); ++s) {
        StreamHead& head = heads_[s];
        if (plan.stream_tasks[s].empty()) { continue; }
        head.task = plan.stream_tasks[s].front();
        head.phase = Phase::waiting;
        if (pending_[static_cast<std::size_t>(head.task)] == 0) {  // nothing before it: no launch gap
            head.phase = Phase::gap;
            head.until = planned(head.task).first_gap;
            if (SpanLog* l = log(head.task)) { l->ready = head.until; }
        }
    }
}

// The head's last predecessor ended at `now`: it is ready after the launch gap. An event wait on another stream is
// released by a semaphore after the end of the kernel, when the stream's own next kernel is already launched: at equal
// times it comes second, by the smallest step of time, for only the order matters.
void RankReplay::arm(StreamHead& head, Time now, TaskId predecessor) {
    const bool own_stream = planned(predecessor).stream == planned(head.task).stream;
    head.phase = Phase::gap;
    head.until = now + planned(head.task).gap + femtoseconds(own_stream || planned(head.task).recorded_gap ? 0 : 1);
    if (SpanLog* l = log(head.task)) {
        l->binding.predecessor = predecessor;
        l->binding.predecessor_end = now;
        l->ready = head.until;
    }
}

void RankReplay::complete(StreamHead& head, Time now) {
    const TaskId task = head.task;
    done_[static_cast<std::size_t>(task)] = 1;
    --tasks_left_;
    last_completed_ = task;
    last_end_ = now;
    if (SpanLog* l = log(task)) { l->end = now; }
    const PlannedTask& ended = planned(task);
    const std::vector<TaskId>& list = plan_->stream_tasks[static_cast<std::size_t>(ended.stream)];
    const std::size_t position = head.position + 1;
    head = StreamHead{};
    if (position < list.size()) {
        head.position = position;
        head.task = list[position];
        head.phase = Phase::waiting;
    }
    for (int i = 0; i < ended.successors; ++i) {
        const TaskId next = plan_->successors[static_cast<std::size_t>(ended.first_successor + i)];
        --pending_[static_cast<std::size_t>(next)];
        StreamHead& other = heads_[static_cast<std::size_t>(planned(next).stream)];
        if (other.phase == Phase::waiting && other.task == next && pending_[static_cast<std::size_t>(next)] == 0) {
            arm(other, now, task);
        }
    }
    if (head.phase == Phase::waiting && pending_[static_cast<std::size_t>(head.task)] == 0) { arm(head, now, task); }
}

void RankReplay::own_work_done(StreamHead& head, Time now, std::vector<Arrival>& arrivals) {
    settle(head, now);
    if (SpanLog* l = log(head.task)) { log_work(*l, *head.price, planned(head.task).repeat, head.priced_left); }
    if (planned(head.task).meeting == Meeting::exchange) {
        head.phase = Phase::held;
        head.until = Time::max();
        head.anchor = now;
        arrivals.push_back({head.task, now});
    } else {
        complete(head, now);
    }
}

void RankReplay::release(TaskId task, Time latest) {
    StreamHead& head = heads_[static_cast<std::size_t>(planned(task).stream)];
    invariant(head.task == task && head.phase == Phase::held, "a meeting released a rank that does not wait there");
    const bool barrier = planned(task).meeting == Meeting::barrier;
    head.phase = Phase::leaving;
    head.until = barrier ? latest + head.work : latest;
    next_ = min(next_, head.until);
    if (SpanLog* l = log(task)) {
        l->waited = latest - head.anchor;
        if (barrier) {
            l->alone = head.work;
            log_work(*l, *head.price, planned(task).repeat, 1.0);
        }
    }
}

// Everything that ends or becomes ready at `now`. True if the set of kernels on the GPU changed.
bool RankReplay::advance_due(Time now, std::vector<Arrival>& arrivals) {
    bool changed = false;
    for (bool again = true; again;) {
        again = false;
        for (StreamHead& head : heads_) {
            if (head.until > now) { continue; }
            if (head.phase == Phase::running) {
                own_work_done(head, now, arrivals);
            } else if (head.phase == Phase::leaving) {
                complete(head, now);
            } else if (head.phase == Phase::gap) {
                head.phase = Phase::queued;
                head.until = Time::max();
                head.order = launches_++;
                head.want = planned(head.task).need.sms;
            } else {
                continue;
            }
            again = changed = true;
        }
    }
    return changed;
}

void RankReplay::step(Time now, std::vector<Arrival>& arrivals) {
    account(now);
    // A barrier without SMs may start and leave at once; everything else moves time on.
    while (advance_due(now, arrivals)) {
        while (hand_out_sms(now, arrivals)) {}
        share_bandwidth(now);
    }
    next_ = Time::max();
    for (const StreamHead& head : heads_) { next_ = min(next_, head.until); }
}

void RankReplay::account(Time now) {
    if (logs_ == nullptr || now <= accounted_) { return; }
    int held = 0;
    for (const StreamHead& head : heads_) { held += head.sms; }
    sm_seconds_ += held * to_seconds(now - accounted_);
    accounted_ = now;
}

}  // namespace tessera
