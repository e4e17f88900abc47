// Copies driven by SMs with loads and stores: warps move rows between buffers, over NVLink or within the GPU.
//
// Two limits. The port: an SM's way to the chip's network carries what it reads and what it writes one after the other
// (sm_stream.hpp). The chain: a warp that copies rows one after another waits for a memory round trip wherever a load
// depends on an earlier result, however idle the port is.
#pragma once

#include "models/nvlink/sm_stream.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

// A system-wide fence after stores to a peer that meets those of other SMs: 2, 10 and 16 SMs that release a flag after
// every four rows take 0.2, 0.65 and 0.69 us a turn longer than one (tests/validation/h200_links/row_copies.json).
constexpr double met_fence_ns = 670;

struct SmCopyParams {
    SmLinkParams link;
    BytesPerCycle push{};    // bytes per clock that one SM copies to a peer
    BytesPerCycle keep{};    // as push, but to the own memory
    double add_lanes = 0;    // FP32 thread instructions per clock
    Time flag_latency{};     // release of a flag after remote stores until the peer sees it
    Time fence{};            // of which the releasing warp waits for its block's remote stores, barrier before included
    double issue_slots = 4;  // warp instructions of an SM per clock
    Cycles l1_trip{};        // load that hits L1
    Cycles dependent{};      // from an instruction to the next of its warp that needs the result
};

// ModelError for an SM whose port or CUDA cores move nothing.
SmCopyParams sm_copy_params(const SystemConfig& system);

// Rows of bytes that warps copy with `unroll` 16-byte loads per lane in flight.
struct WarpCopy {
    int unroll = 5;       // loads of one lane in flight
    int extra_trips = 0;  // dependent round trips per row beside the payload (slot index, scales, routing)
};

// Dependent round trips of one warp for a row: whole unrolled groups, then single steps for the remainder, and one for
// bytes beyond whole steps (scales and metadata are copied apart).
int copy_trips(const WarpCopy& copy, Bytes row);

// One load round trip at `clock`: to L2, and for the share `from_hbm` of the loads on to the HBM, where they wait for
// others.
Time load_trip(const SmCopyParams& params, Frequency clock, double from_hbm, Time wait = {});

// What passes one SM's port.
struct PortWork {
    Bytes read{}, local{}, remote{};  // loaded, stored to the own memory, stored to a peer's
    double added = 0;  // elements of FP32 reductions, three thread instructions each (unpack, unpack, add)
};
Time port_time(const SmCopyParams& params, Frequency clock, const PortWork& work);

// Groups of warps that move rows in step and share one SM's port: a round thinks for `think` (dependent trips, flags),
// then needs the port for `service`. Returns the mean time of a round of each of `groups` groups: exact mean value
// analysis of the closed queueing network (Reiser, Lavenberg 1980), so between max(think + service, groups x service)
// and think + groups x service.
Time shared_port_round(Time think, Time service, int groups);

}  // namespace tessera
