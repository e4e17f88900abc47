#include "sim/engine/sim_session.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sc_time.hpp"

#include <utility>

// libsystemc's own main() refers to this symbol. tessera drives the kernel through SimSession instead.
int sc_main(int /*argc*/, char* /*argv*/[]) {
    throw tessera::InternalError("sc_main was called: tessera starts SystemC through SimSession");
}

namespace tessera {

namespace {

SimSession*& current_session() {
    static SimSession* session = nullptr;
    return session;
}

}  // namespace

SimSession::SimSession(std::function<void()> evict) : evict_(std::move(evict)) {
    if (SimSession* other = current_session()) {
        const std::function<void()> make_room = other->evict_;  // outlives the session it destroys
        make_room();
        invariant(current_session() == nullptr, "an evicted simulation session is still alive");
    }
    // Elaborating with sc_start(0) is meant to do nothing; SystemC would warn about it on the user's terminal.
    sc_core::sc_report_handler::set_actions(sc_core::SC_ID_NO_SC_START_ACTIVITY_, sc_core::SC_DO_NOTHING);
    sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
    current_session() = this;
}

SimSession::~SimSession() {
    sc_core::sc_get_curr_simcontext()->reset();
    current_session() = nullptr;
}

void SimSession::elaborate() { sc_core::sc_start(sc_core::SC_ZERO_TIME); }

void SimSession::run() { sc_core::sc_start(); }

Time SimSession::now() const { return from_sc_time(sc_core::sc_time_stamp()); }

}  // namespace tessera
