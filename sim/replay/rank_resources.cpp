// How a rank's GPU hands out SMs and bandwidth to the kernels on it.
#include "sim/base/error.hpp"
#include "sim/replay/rank.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tessera {

const KernelResult& RankReplay::price(const StreamHead& head, int sms) {
    const int kernel = load_->kernels[static_cast<std::size_t>(head.task)];
    const KernelResult& result = prices_->price(kernel, sms);
    if (result.time <= Time::zero()) {
        throw ModelError("task " + plan_->graph->tasks[static_cast<std::size_t>(head.task)].name + " on " +
                         std::to_string(sms) + " SMs was timed at zero: no kernel is free");
    }
    return result;
}

// One round of the partition policy. True if a kernel turned out to need fewer SMs than it was offered, so that
// another round can give them away.
bool RankReplay::hand_out_sms(Time now, std::vector<Arrival>& arrivals) {
    claims_.clear();
    claim_heads_.clear();
    for (std::size_t s = 0; s < heads_.size(); ++s) {
        const StreamHead& head = heads_[s];
        const bool started = head.phase == Phase::running || head.phase == Phase::held || head.phase == Phase::leaving;
        if (!started && head.phase != Phase::queued) { continue; }
        const SmNeed& need = planned(head.task).need;
        claims_.push_back({need.hold, head.want, need.urgent, head.order, started, head.sms});
        claim_heads_.push_back(s);
    }
    grant_sms(claims_, plan_->total_sms);
    bool left_over = false;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
        StreamHead& head = heads_[claim_heads_[i]];
        const SmClaim& claim = claims_[i];
        if (claim.started && claim.held == head.sms) { continue; }
        if (!claim.started && claim.held == 0 && claim.hold != SmHold::none) { continue; }
        if (claim.held == 0 && claim.started) {  // starved: an earlier claim took the SMs
            settle(head, now);
            head.sms = 0;
            head.stale = true;
            continue;
        }
        if (claim.started) {
            reprice(head, claim.held, now);
        } else {
            head.sms = claim.held;
            start(head, now, arrivals);
        }
        left_over = left_over || head.sms < claim.held;
    }
    return left_over;
}

void RankReplay::start(StreamHead& head, Time now, std::vector<Arrival>& arrivals) {
    const PlannedTask& task = planned(head.task);
    head.price = &price(head, head.sms);
    head.work = task_time(task, *head.price, plan_->gap);
    const bool grid = task.need.hold == SmHold::growing || task.need.hold == SmHold::elastic;
    if (grid && head.price->sms > 0 && head.price->sms < head.sms) { head.want = head.sms = head.price->sms; }
    head.anchor = now;
    head.left = head.priced_left = head.rate = 1;
    if (SpanLog* l = log(head.task)) {
        l->start = now;
        l->sms = head.sms;
        if (now > l->ready) { l->binding.sm_blocker = last_completed_; }
    }
    if (task.meeting == Meeting::barrier) {
        head.phase = Phase::held;
        head.until = Time::max();
        arrivals.push_back({head.task, now});
    } else {
        head.phase = Phase::running;
        head.stale = true;
    }
}

// The kernel goes on with another number of SMs: what is done is kept, the rest runs at the new price.
void RankReplay::reprice(StreamHead& head, int sms, Time now) {
    settle(head, now);
    const double share = head.priced_left - head.left;
    SpanLog* l = log(head.task);
    if (l != nullptr && share > 0) { log_work(*l, *head.price, planned(head.task).repeat, share); }
    head.priced_left = head.left;
    head.price = &price(head, sms);
    head.work = task_time(planned(head.task), *head.price, plan_->gap);
    head.sms = sms;
    if (head.price->sms > 0 && head.price->sms < sms) { head.want = head.sms = head.price->sms; }
    if (l != nullptr) { l->sms = std::max(l->sms, head.sms); }
    head.stale = true;
}

// Brings `left` up to `now`.
void RankReplay::settle(StreamHead& head, Time now) {
    const Time elapsed = now - head.anchor;
    head.anchor = now;
    if (elapsed <= Time::zero()) { return; }
    head.left = std::max(0.0, head.left - head.rate * (elapsed / head.work));
    if (SpanLog* l = log(head.task)) {
        const Time alone = head.rate < 1 ? elapsed * head.rate : elapsed;
        l->alone += alone;
        if (head.bound_by >= 0) { l->slowed[static_cast<std::size_t>(head.bound_by)] += elapsed - alone; }
    }
}

void RankReplay::share_bandwidth(Time now) {
    sharers_.clear();
    sharer_heads_.clear();
    for (std::size_t s = 0; s < heads_.size(); ++s) {
        StreamHead& head = heads_[s];
        if (head.phase != Phase::running) { continue; }
        if (head.sms == 0 && planned(head.task).need.hold != SmHold::none) {  // starved
            head.rate = 0;
            head.until = Time::max();
            head.bound_by = -1;
            head.stale = true;
            continue;
        }
        Sharer sharer;
        sharer.demand = demand(scaled(head.price->traffic, planned(head.task).repeat), head.work, plan_->capacity);
        sharer.beside_hbm = &head.price->beside_hbm;
        sharer.write_share = write_share(head.price->traffic);
        sharer.weight = sharing_weight(head.sms, sharer.demand, plan_->capacity, plan_->total_sms);
        sharers_.push_back(sharer);
        sharer_heads_.push_back(s);
    }
    if (plan_->contention) { share_fairly(sharers_, plan_->capacity); }
    for (std::size_t i = 0; i < sharers_.size(); ++i) {
        StreamHead& head = heads_[sharer_heads_[i]];
        const Sharer& sharer = sharers_[i];
        if (!head.stale && sharer.rate == head.rate && sharer.bound_by == head.bound_by) { continue; }
        settle(head, now);
        head.rate = sharer.rate;
        head.bound_by = sharer.bound_by;
        head.stale = false;
        const double rest = head.left * static_cast<double>(head.work.raw()) / head.rate;
        head.until = now + femtoseconds(static_cast<std::int64_t>(std::ceil(rest)));
    }
}

}  // namespace tessera
