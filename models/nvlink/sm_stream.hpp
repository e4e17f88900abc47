// Long copies between two memories, at least one of them a peer's, driven by SMs with loads and stores or with bulk
// copies (TMA) through shared memory.
//
// Three things bound such a stream. The port: an SM's way to the chip's network carries both what it reads and what
// it writes, one after the other (a copy moves 24.5 bytes per clock each way where reads alone reach 104 and writes
// 32; H200 micro B.sms, B.copy; remote stores are a little slower). The bytes in flight: a warp waits for what it
// loaded, a bulk thread for its ring of stages. The wires. Warps queue for the port and all of them for the wires:
// closed queueing networks.
#pragma once

#include "models/nvlink/wire.hpp"

namespace tessera {

struct SmLinkParams {
    BytesPerCycle read{}, write{}, remote_store{}, remote_bulk_store{};
    Cycles l2_trip{}, loop_issue{}, bulk_interval{};
    Time hbm_extra{}, load_trip{}, store_trip{}, bulk_start{}, fence_idle{}, fence_local{}, fence_peer{};
};

// ModelError if the system does not say how its SMs reach the links.
SmLinkParams sm_link_params(const SystemConfig& system);

// Cycles of one SM's port per byte of a copy that reads and writes it once.
enum class CopyTarget { local, peer };
double port_cycles_per_byte(const SmLinkParams& params, CopyTarget target, bool bulk);

// How a kernel keeps copies in flight.
struct CopyCrew {
    bool bulk = false;
    int warps = 32;             // per SM that copy
    int unroll = 8;             // load_store: 16-byte loads of a lane in flight
    int loads = 3, stores = 3;  // bulk: copies of a warp in flight, each way
};

struct StreamJob {
    CopyCrew crew;
    bool pull = false;  // from the peers, else to them
    int sms = 0;
    int peers = 1;
    Bytes per_peer{};  // a round's
    Bytes chunk{};     // bulk: one copy
    int rounds = 1;
    bool fenced = false;  // every round ends with a fence, else only the last
    Bytes reused{};       // L2 holds a source of up to so many bytes from round to round
};

struct StreamTime {
    Time round{};     // mean of a round
    Time sm_round{};  // of which the SMs alone would need
    Time wire{};      // the wires alone
};

// `wire` is what one round takes on the wires of the busiest GPU. ModelError for jobs without SMs or bytes.
StreamTime stream_time(const SmLinkParams& params, const StreamJob& job, Time wire, Frequency clock);

}  // namespace tessera
