// The fabrics DeepSeek describes and their neighbours, built from a few figures.
//
// A node's GPUs share an NVSwitch. Every GPU has a NIC of its own behind PCIe. Multi-plane fat tree (MPFT): NIC i of
// every node belongs to plane i, planes meet nowhere, so that traffic between GPUs of different index passes NVLink
// at one end. Rail-optimised fat tree (MRFT): rail i has leaves of its own, spines join the rails. (arXiv 2505.09343,
// section 5.1.) An NVL72 rack is one node of 72 GPUs.
#pragma once

#include "models/network/messages.hpp"
#include "sim/config/system_config.hpp"

namespace tessera::network {

enum class Wiring { node_only, planes, rails };

struct FabricShape {
    Wiring wiring = Wiring::planes;
    int gpus = 0, gpus_per_node = 8;
    int nodes_per_leaf = 32;  // 64-port switches: half of the ports down, half up
    double uplink_ratio = 1;  // rate up over rate down of a leaf
    int spines = 1;           // of each plane, of all rails together; 1: traffic spreads over them evenly
    Bandwidth nvlink{}, nic{}, pcie{};
    Time nvlink_latency{};  // GPU to GPU through the NVSwitch
    Time nic_latency{};     // GPU to GPU through one leaf
    Time crossing{};        // more through the spines
    Packets packets;        // of the NICs
    int nodes() const { return gpus_per_node > 0 ? gpus / gpus_per_node : 0; }
};

// InfiniBand, 4096-byte packets: LRH 8, BTH 12, RETH 16, ICRC 4, VCRC 2 bytes (InfiniBand architecture specification
// volume 1, chapters 7 to 9). 64 bytes take 2.8 us through a leaf and 3.7 us through a spine on InfiniBand, 3.6 and 5.6
// us on RoCE (arXiv 2505.09343, table 5).
enum class Protocol { infiniband, roce };
FabricShape fabric_shape(const SystemConfig& system, int gpus, Wiring wiring, Protocol protocol = Protocol::infiniband);

// ModelError for sizes that do not fill their nodes, links without bandwidth, or more nodes than the spines join.
void check(const FabricShape& shape);

struct Fabric {
    Graph graph;
    std::vector<NodeId> gpus;
    FabricShape shape;
    // A message between two GPUs. Between nodes and indices it passes the GPU of the sender's node that shares the
    // receiver's plane or rail.
    Message message(int from, int to, Bytes size, Time start = {}) const;
};
Fabric build(const FabricShape& shape);

// Every GPU sends `each` bytes in equal parts to all others, all starting together.
std::vector<Message> all_to_all(const Fabric& fabric, Bytes each);

}  // namespace tessera::network
