// SystemC's side of the timing wheel: one module with one SC_METHOD that drains the wheel in quanta. Between two
// wake-ups the wheel's now() runs ahead of sc_time_stamp() by at most one quantum (temporal decoupling).
#pragma once

#include "sim/engine/timing_wheel.hpp"

#include <exception>
#include <systemc>

namespace tessera {

class EventWheel : public sc_core::sc_module {
public:
    EventWheel(sc_core::sc_module_name name, Time quantum);

    TimingWheel& wheel() { return wheel_; }

    // Wakes the method in the current delta cycle: call after the first events of a kernel are scheduled.
    void kick();

    // Rethrows what an event handler threw: SystemC would have turned it into a report of its own.
    void rethrow();

private:
    void drain();

    TimingWheel wheel_;
    Time quantum_;
    sc_core::sc_event kick_;
    std::exception_ptr failure_;
};

}  // namespace tessera
