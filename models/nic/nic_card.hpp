// The network card of one GPU as a module. Towards the GPU a TLM-2.0 target socket, where somebody else's card can be
// bound instead: a write is an RDMA write to the far side, a read an RDMA read (request out, data in). Towards the
// network a LinkIf, on which arriving bytes are booked.
#pragma once

#include "models/if/link_if.hpp"
#include "models/nic/nic.hpp"

#include <tlm>

namespace tessera {

class NicCard : public sc_core::sc_module, public tlm::tlm_fw_transport_if<>, public LinkIf {
public:
    tlm::tlm_target_socket<> socket;
    sc_core::sc_export<LinkIf> network;

    NicCard(sc_core::sc_module_name name, const NicConfig& config);  // ModelError as nic_params

    void reset(Time now);
    const NicStats& stats() const { return stats_; }
    const NicParams& params() const { return params_; }

    Time send(Bytes payload, Time when) override;
    Time receive(Bytes payload, Time when) override;

    // `delay` comes in as the offset from sc_time_stamp() at which the request is posted and leaves as the offset at
    // which the data is in the far memory (write) or in this GPU's (read).
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;

private:
    NicParams params_;
    NicState state_;
    NicStats stats_;
};

}  // namespace tessera
