#include "sim/stats/busy_time.hpp"

#include "sim/base/error.hpp"

#include <string>

namespace tessera {

void BusyTime::add(Time from, Time to) {
    invariant(!open_, "a busy interval is added while another is open");
    if (from < last_end_ || to < from) {
        throw InternalError(std::string(name_) + ": busy interval [" + std::to_string(from.raw()) + ", " +
                            std::to_string(to.raw()) + ") fs overlaps or precedes the one that ended at " +
                            std::to_string(last_end_.raw()) + " fs");
    }
    if (from == to) { return; }
    if (from > last_end_ || intervals_ == 0) { ++intervals_; }
    gaps_ += from - last_end_;
    busy_ += to - from;
    last_end_ = to;
}

void BusyTime::begin(Time now) {
    invariant(!open_, "work begins on a resource that is busy");
    invariant(now >= last_end_, "work begins before the last work ended");
    open_ = true;
    begun_ = now;
}

void BusyTime::end(Time now) {
    invariant(open_, "work ends on a resource that is not busy");
    open_ = false;
    add(begun_, now);
}

Time BusyTime::stalled(Time now) const {
    invariant(!open_, "the accounts are asked for while work is open");
    invariant(now >= last_end_, "the accounts are asked for before the recorded work has ended");
    return gaps_ + (now - last_end_);
}

double BusyTime::utilization(Time now) const {
    check(now);
    return now == origin_ ? 0.0 : busy_ / (now - origin_);
}

void BusyTime::check(Time now) const {
    invariant(busy_ + stalled(now) == now - origin_, "busy and stalled time do not add up to the elapsed time");
}

void BusyTime::reset(Time now) {
    origin_ = last_end_ = now;
    busy_ = gaps_ = Time{};
    intervals_ = 0;
    open_ = false;
}

void BusyTime::snapshot(StatGroup& group, Time now) const {
    check(now);
    const std::string name = name_;
    group.add(name, StatUnit<Time>::text, description_, stat_value(busy_));
    group.add(name + "_stalled", StatUnit<Time>::text, "the rest of the elapsed time", stat_value(stalled(now)));
    group.add(name + "_intervals", "count", "separate busy intervals", stat_value(intervals_));
}

}  // namespace tessera
