// Busy and stalled time of one resource that does one thing at a time.
#pragma once

#include "sim/base/units.hpp"
#include "sim/stats/snapshot.hpp"

#include <cstdint>

namespace tessera {

// Busy intervals arrive in order and do not overlap; all else up to the moment of asking is stalled (waiting
// for input, for space, or without work). Every moment since the start is one or the other, so
// busy + stalled = elapsed holds or something was recorded wrongly: InternalError.
class BusyTime {
public:
    // Texts must outlive the object: string literals.
    constexpr BusyTime(const char* name, const char* description) : name_(name), description_(description) {}

    // The resource works over [from, to). InternalError if to < from, or if `from` lies before the last end.
    void add(Time from, Time to);

    // The same in two steps, for work whose end is not known when it starts.
    void begin(Time now);
    void end(Time now);
    bool is_busy() const { return open_; }

    Time busy() const { return busy_; }
    std::int64_t intervals() const { return intervals_; }  // touching ones count once
    Time last_end() const { return last_end_; }

    // The accounts at `now`. InternalError if `now` lies inside recorded work or work is still open.
    Time stalled(Time now) const;
    double utilization(Time now) const;  // busy / elapsed; 0 when nothing has elapsed
    void check(Time now) const;          // busy + stalled == elapsed

    // Starts anew at `now`.
    void reset(Time now = {});

    // "<name>", "<name>_stalled" and "<name>_intervals".
    void snapshot(StatGroup& group, Time now) const;

private:
    const char* name_;
    const char* description_;
    Time origin_{}, last_end_{}, begun_{};
    Time busy_{}, gaps_{};  // gaps: stalled time up to last_end_
    std::int64_t intervals_ = 0;
    bool open_ = false;
};

}  // namespace tessera
