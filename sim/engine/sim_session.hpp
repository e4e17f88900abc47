// The only code that names SystemC's simulation context: owns elaboration, running and tearing down. SystemC has
// one global context, so one session is alive at a time; a second one evicts the first, whose owner destroys its
// modules and builds them again when it next needs them.
#pragma once

#include "sim/base/units.hpp"

#include <functional>

namespace tessera {

class SimSession {
public:
    // `evict` is called when another session needs the context: it must destroy every module and then this
    // session. Sets the time resolution to 1 fs.
    explicit SimSession(std::function<void()> evict);
    ~SimSession();  // all modules must be gone: resets the context
    SimSession(const SimSession&) = delete;
    SimSession& operator=(const SimSession&) = delete;

    void elaborate();  // binds and checks everything; ends the phase in which modules can be made
    void run();        // until no event is left
    Time now() const;  // of the SystemC kernel

private:
    std::function<void()> evict_;
};

}  // namespace tessera
