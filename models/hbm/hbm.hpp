// HBM stacks behind one TLM-2.0 target socket: pseudo-channels with banks, refresh and read/write turnaround.
//
// Modelled: chunks of 4 KiB shuffled over pseudo-channels, data-bus occupancy in whole bursts, one activation per
// change of a bank's row with its row cycle (a visit that waits for its bank lets others pass), refresh windows, writes
// gathered into batches per channel, a bus turnaround whenever the direction changes, a row cycle after a batch of
// writes to scattered rows (no bank is left to open early), idle latency, casting logic beside the memory. Not
// modelled: command bus, individual ranks, ECC.
#pragma once

#include "models/hbm/hbm_timing.hpp"
#include "models/if/hbm_payload.hpp"

#include <tlm>
#include <vector>

namespace tessera {

struct HbmStats {
    Bytes read_pins{}, write_pins{};  // at the pins
    Bytes core{};                     // at the DRAM arrays (more than at the pins with near-memory casts)
    Time bus_busy{};                  // summed over channels, turnaround included
    Time bus_waited{};                // summed over visits: time in channel queues
    std::int64_t visits = 0, turnarounds = 0;
};

class Hbm : public sc_core::sc_module, public tlm::tlm_fw_transport_if<> {
public:
    tlm::tlm_target_socket<> socket;

    Hbm(sc_core::sc_module_name name, const HbmConfig& config);

    void reset(Time now);  // a new kernel: queues empty, statistics zero
    const HbmStats& stats() const { return stats_; }
    const HbmParams& params() const { return params_; }
    // Utilisation of the data buses since reset: busy / (channels x elapsed).
    double utilization(Time now) const;

    // `delay` comes in as the offset from sc_time_stamp() at which the request arrives and leaves as the offset at
    // which the data is at the L2 (read) or in the write queue (write).
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;

private:
    static constexpr std::uint64_t no_row = ~std::uint64_t{0};
    struct Bank {
        Time free{};                 // earliest next activation
        std::uint64_t row = no_row;  // open row
    };
    struct Channel {
        Time bus{};                       // data bus free
        Time refresh{};                   // start of the refresh window that ends next
        std::int64_t pending_writes = 0;  // bytes gathered for the next batch
        std::int64_t scattered = 0;       // of these, bytes in rows of their own
        bool writing = false;             // direction of the last transfer
    };
    // First instant at or after `t` outside the channel's refresh; a channel is asked in order of time.
    Time after_refresh(Channel& c, Time t) const;
    Bank& bank_of(int channel, std::uint64_t row);
    // `service`: of the data bus, for the bytes that this channel gives.
    Time visit(int channel, std::uint64_t row, Time service, Time when);
    Time drain_writes(int channel, Time when);

    HbmParams params_;
    std::vector<Channel> channels_;
    std::vector<Bank> banks_;  // of the first channel, of the second, ...
    Time begin_{};
    HbmStats stats_;
};

}  // namespace tessera
