// A resource that serves one request after another, in the order of the calls: the building block of every
// time-annotated unit. Utilisation is exact: busy() + idle time = elapsed.
#pragma once

#include "sim/base/units.hpp"

namespace tessera {

class Server {
public:
    // Reserves `service` from `when` on or as soon as the earlier requests are served; returns the end.
    Time serve(Time when, Time service) {
        const Time start = max(when, free_);
        waited_ += start - when;
        free_ = start + service;
        busy_ += service;
        return free_;
    }
    Time free() const { return free_; }      // a request arriving then starts at once
    Time busy() const { return busy_; }      // service given since reset()
    Time waited() const { return waited_; }  // sum over requests of the time in the queue
    void reset(Time now) {
        free_ = now;
        busy_ = waited_ = Time::zero();
    }

private:
    Time free_{};
    Time busy_{};
    Time waited_{};
};

}  // namespace tessera
