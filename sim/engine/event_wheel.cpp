#include "sim/engine/event_wheel.hpp"

#include "sim/engine/sc_time.hpp"

#include <utility>

namespace tessera {

EventWheel::EventWheel(sc_core::sc_module_name name, Time quantum) : sc_module(name), quantum_(quantum) {
    SC_HAS_PROCESS(EventWheel);
    SC_METHOD(drain);
    sensitive << kick_;
    dont_initialize();
}

void EventWheel::kick() { kick_.notify(sc_core::SC_ZERO_TIME); }

void EventWheel::drain() {
    const Time now = from_sc_time(sc_core::sc_time_stamp());
    try {
        wheel_.run_until(now + quantum_);
        if (!wheel_.empty()) { next_trigger(to_sc_time(max(wheel_.next_time() - now, femtoseconds(1)))); }
    } catch (...) {
        failure_ = std::current_exception();
        wheel_.reset(wheel_.now());
    }
}

void EventWheel::rethrow() {
    if (failure_) { std::rethrow_exception(std::exchange(failure_, nullptr)); }
}

}  // namespace tessera
