// What payload costs on a GPU's NVLink wires: packets of a line with a header, requests of reads and
// acknowledgements of writes on the wire of the other direction. So reading in both directions at once loses the
// requests' share (measured 10 %), writing loses the acknowledgements' (2 %).
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

struct WireParams {
    Bandwidth raw{};     // one direction, all links of a GPU
    double payload = 0;  // bytes of a packet
    double stored = 0;   // beside it: packets of an SM's stores,
    double loaded = 0;   // of data that an SM asked for,
    double copied = 0;   // of a copy engine
    int links = 1;
    double request = 0, acknowledge = 0;
};

// ModelError for a link without bandwidth or packets.
WireParams wire_params(const NvlinkConfig& config);

enum class WireUser { sm, copy_engine };

// Payload that passes one GPU's port; "written" moves with its sender's initiative, "read" with its receiver's.
struct WireLoad {
    Bytes written_out{}, written_in{};  // by this GPU to peers, by peers to this GPU
    Bytes read_in{}, read_out{};        // by this GPU from peers, by peers from this GPU
};

// Bytes on the busier of the two wires, as time.
Time wire_time(const WireParams& params, const WireLoad& load, WireUser user);

// Lines are dealt out to the links by a hash of their address. Of `footprint` bytes the busiest link has more than
// the mean by this factor: the expected maximum of as many normal variables as there are links (Blom's estimate), with
// the variance of lines thrown at random. Passes over the same bytes meet the same link again.
double busiest_link(const WireParams& params, Bytes footprint);

// Payload rate of one long stream that has the wires to itself.
Bandwidth stream_rate(const WireParams& params, WireUser user);

}  // namespace tessera
