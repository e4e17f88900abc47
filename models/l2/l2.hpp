// The L2 cache and the network between it and the SMs: two partitions of slices, a link between them, one port per
// SM, and the only user of the HBM socket.
//
// Modelled: bandwidth of the slices (reads, stores), of the link between the partitions, of each SM's port, of each
// GPC's way to the L2 (reads), of each CPC's (stores), of each half of the network; stores of the GPCs of a half take
// turns, as HBM reads of the halves do. Sums of a line one after another. Latency to the own and to the other
// partition; residency by blocks, with copies of what the other partition owns; reads of a line that another SM asked
// for a moment ago are merged before the slices, but not those of multicasts, and only in part while their SMs wait for
// HBM; sectors that the slices look up, copies for the other side and rows outside a tensor included. Lines
// fetched in pairs come together: who asks for the first waits for both. Stores are
// written back to HBM at once (bytes that are still dirty are not written again) but wait only when the write queue in
// L2 is full. Not modelled: tags, set conflicts, individual slices.
#pragma once

#include "models/if/clock.hpp"
#include "models/if/hbm_payload.hpp"
#include "models/if/memory_if.hpp"
#include "models/if/server.hpp"
#include "models/l2/residency.hpp"
#include "models/l2/sm_places.hpp"
#include "sim/config/system_config.hpp"

#include <tlm>
#include <vector>

namespace tessera {

struct L2Stats {
    Bytes read{}, write{};  // between SMs and L2 (a multicast counts once)
    Bytes delivered{};      // into SMs
    Bytes sectors{};        // whole sectors moved for them
    std::int64_t hits = 0, misses = 0, merged = 0;
    Time slice_busy{}, link_busy{}, port_busy{};  // summed over the servers of each kind
    Time slice_waited{}, link_waited{}, port_waited{};
};

// Whole sectors moved for `bytes` useful bytes in runs of `run` bytes.
std::int64_t sector_bytes(std::int64_t bytes, std::int64_t run, std::int64_t sector);

class L2 : public sc_core::sc_module, public MemoryIf, public tlm::tlm_bw_transport_if<> {
public:
    sc_core::sc_export<MemoryIf> port;
    tlm::tlm_initiator_socket<> hbm;

    // `memory`: what HBM gives at most. `network`: clock of the ways between GPCs and L2, whose rates per cycle were
    // measured at the highest SM clock and do not fall with it.
    L2(sc_core::sc_module_name name, const L2Config& config, const SmConfig& sm, Bandwidth memory, Frequency network);
    ~L2() override;

    void reset(Time now, const Clock& clock);
    L2Stats stats() const;
    const L2Residency& residency() const { return residency_; }
    const std::vector<SmPlace>& places() const { return places_; }

    int place_clusters(int size) override;
    RegionId map(const MemoryRegion& region) override;
    bool resident(RegionId region, std::int64_t block) const override;
    MemoryReply access(const MemoryRequest& request, Time when) override;
    void account(const MemoryRequest& request, int repeat, Time when) override;

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override;

private:
    // Servers of the network that only some SMs share.
    struct Gpc {
        Server read, write, fetch;
        std::vector<Server> cpc;
        int half = 0;
        int fetching = 0;  // SMs that have asked for something out of HBM
    };
    const SmPlace& place(int sm) const { return places_[static_cast<std::size_t>(sm)]; }
    std::int64_t pushed_out(const MemoryRegion& region, std::int64_t bytes);
    Time look_up(const MemoryRequest& request, double bytes, const L2Residency::Touch& touch, Time when);
    Time pass_read(int sm, double bytes, bool merged, Time when);
    Time same_lines(const MemoryRequest& request, Time when);
    Time pass_write(int sm, double bytes, Time when);
    Time pass_fetch(int sm, double bytes, Time when);
    // `lines`: a pair's runs are twice as long.
    Time fetch(const MemoryRequest& request, std::int64_t bytes, bool write, Time when, Bytes& pins, int lines = 1);
    Time fetch_missing(const MemoryRequest& request, std::int64_t bytes, Time when, Bytes& pins);
    MemoryReply read(const MemoryRequest& request, std::int64_t bytes, std::int64_t sectors, Time when);
    MemoryReply store(const MemoryRequest& request, std::int64_t bytes, std::int64_t sectors, Time when);

    L2Config config_;
    Bandwidth memory_;
    Clock network_;
    Clock clock_;
    L2Residency residency_;
    std::vector<SmPlace> blocks_, places_;  // of single blocks, and of the kernel that runs
    int lone_tpcs_ = 0;
    std::vector<Server> read_ports_, write_ports_;
    std::vector<Time> missed_;  // when an SM last had to wait for HBM
    std::vector<Gpc> gpcs_;
    std::vector<Server> halves_;  // reads of HBM
    std::vector<bool> fetches_;   // SMs of which Gpc::fetching counts
    Server slices_, sectors_, link_;
    Cycles same_address_;
    Time near_{}, far_{}, copy_{}, window_{}, posted_{}, write_slack_{}, eviction_slack_{};
    Time sum_{};                             // between two sums of one line
    std::vector<std::vector<Time>> summed_;  // by region and block: when its lines can take the next sum
    std::vector<std::vector<Time>> ahead_;   // by region and block: when it comes with its neighbour, until it is read
    double dirty_due_ = 0;                   // bytes that new lines push out, not yet a whole line
    L2Stats stats_;
    tlm::tlm_generic_payload payload_;
    HbmAccess access_;
};

}  // namespace tessera
