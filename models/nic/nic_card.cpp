#include "models/nic/nic_card.hpp"

#include "sim/engine/sc_time.hpp"

namespace tessera {

NicCard::NicCard(sc_core::sc_module_name name, const NicConfig& config)
    : sc_module(name), socket("socket"), network("network"), params_(nic_params(config)) {
    socket.bind(*this);
    network.bind(*this);
}

void NicCard::reset(Time now) {
    state_.reset(now);
    stats_ = NicStats{};
}

Time NicCard::send(Bytes payload, Time when) { return nic_write(params_, state_, stats_, payload, when); }

Time NicCard::receive(Bytes payload, Time when) { return nic_arrive(params_, state_, stats_, payload, when); }

void NicCard::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const Time now = from_sc_time(sc_core::sc_time_stamp()), when = now + from_sc_time(delay);
    const Bytes size = bytes(static_cast<std::int64_t>(payload.get_data_length()));
    Time done = when;
    if (payload.is_write()) {
        done = send(size, when);
    } else if (payload.is_read()) {
        done = receive(size, when + params_.latency * 2.0);
    } else {
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        return;
    }
    delay = to_sc_time(done - now);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

tlm::tlm_sync_enum NicCard::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase&,
                                            sc_core::sc_time& delay) {
    b_transport(payload, delay);
    return tlm::TLM_COMPLETED;
}

bool NicCard::get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi&) { return false; }

unsigned NicCard::transport_dbg(tlm::tlm_generic_payload&) { return 0; }

}  // namespace tessera
