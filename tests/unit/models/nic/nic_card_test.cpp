#include "models/nic/nic_card.hpp"

#include "sim/engine/sc_time.hpp"
#include "sim/engine/sim_session.hpp"

#include <catch2/catch.hpp>

#include <tlm_utils/simple_initiator_socket.h>

using namespace tessera;

namespace {

// Whoever posts requests to the card.
struct Poster : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<Poster> socket;
    explicit Poster(sc_core::sc_module_name name) : sc_module(name), socket("socket") {}

    Time post(tlm::tlm_command command, unsigned size, Time when, tlm::tlm_response_status& status) {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_data_length(size);
        sc_core::sc_time delay = to_sc_time(when);
        socket->b_transport(payload, delay);
        status = payload.get_response_status();
        return from_sc_time(delay);
    }
};

}  // namespace

TEST_CASE("a write leaves the card, a read comes back, anything else is refused") {
    SimSession session([] {});
    {
        NicConfig config;
        config.per_gpu = gb_per_second(50);
        config.packet = bytes(80);
        config.header = bytes(20);
        config.latency = microseconds(3);
        NicCard card("card", config);
        Poster poster("poster");
        poster.socket.bind(card.socket);
        session.elaborate();
        card.reset(Time::zero());
        tlm::tlm_response_status status = tlm::TLM_INCOMPLETE_RESPONSE;
        CHECK(poster.post(tlm::TLM_WRITE_COMMAND, 4000, Time::zero(), status) == nanoseconds(3100));
        CHECK(status == tlm::TLM_OK_RESPONSE);
        CHECK(poster.post(tlm::TLM_WRITE_COMMAND, 4000, Time::zero(), status) == nanoseconds(3200));
        CHECK(poster.post(tlm::TLM_READ_COMMAND, 4000, Time::zero(), status) == nanoseconds(6100));
        poster.post(tlm::TLM_IGNORE_COMMAND, 1, Time::zero(), status);
        CHECK(status == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(card.stats().out == bytes(8000));
        CHECK(card.stats().in == bytes(4000));
    }
}
