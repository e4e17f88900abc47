// Ring collectives over the hierarchy of NVLink and network, as NCCL's ring algorithm runs them on several nodes:
// within the node over NVLink, between nodes each GPU with those of its index, on its share of the buffer.
#pragma once

#include "models/network/fabrics.hpp"

#include <vector>

namespace tessera::network {

enum class Collective { all_reduce, reduce_scatter, all_gather };

// Steps that follow each other, in each of which every GPU sends `part` bytes to its neighbour in the ring.
struct RingPhase {
    bool between_nodes = false;
    double part = 0;  // bytes
    int steps = 0;
};
// `whole`: the buffer on each rank (all_gather: what is gathered). Phases in order; those without steps are left out.
std::vector<RingPhase> ring_phases(Collective kind, int ranks_per_node, int nodes, double whole);

// One step's messages.
std::vector<Message> ring_step(const Fabric& fabric, const RingPhase& phase);

struct CollectiveTime {
    Time total{}, nvlink{}, network{};     // latencies included
    double on_nvlink = 0, on_network = 0;  // payload bytes that a GPU sends
};
// All ranks of the fabric together; no link of a ring is shared, so each step takes its bytes and its longest way.
// ModelError as check().
CollectiveTime collective_time(const FabricShape& shape, Collective kind, Bytes whole);

}  // namespace tessera::network
