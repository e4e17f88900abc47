// The switch between the GPUs of a node: what leaves a GPU once may arrive at several (multicast), and what several
// send may arrive once (reduction). Without these capabilities every copy crosses the sender's and the receiver's link.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

#include <cstdint>

namespace tessera {

struct SwitchParams {
    bool multicast = false;
    bool reduce = false;
};

SwitchParams switch_params(const NvlinkConfig& config);

// Link crossings of rows between the GPUs of one node, counted per GPU (every GPU both sends and receives).
struct SwitchCopies {
    double sent = 0;      // rows on a GPU's outgoing link
    double received = 0;  // rows on its incoming link
};

// `groups` rows per GPU, each for (or from) `members` GPUs of the node in total; `ranks` GPUs in the node, targets
// spread evenly, so that one copy in `ranks` stays on its GPU. With multicast a row leaves once if any target is
// remote. ModelError unless 0 <= groups <= members and ranks >= 1.
SwitchCopies fan_out(const SwitchParams& params, double groups, double members, int ranks);
// The mirror image: `members` rows are sent and reduced to `groups`; with reduction in the switch each group arrives
// once.
SwitchCopies fan_in(const SwitchParams& params, double groups, double members, int ranks);

}  // namespace tessera
