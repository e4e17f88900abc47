#include "models/network/fabrics.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"

#include <cmath>

namespace tessera::network {

namespace {

constexpr double roce_header =
    14 + 20 + 8 + 12 + 16 + 4 + 4 + 8;  // Ethernet, IPv4, UDP, BTH, RETH, ICRC, FCS, preamble

std::string named(const char* what, int a, int b = -1) {
    return std::string(what) + " " + std::to_string(a) + (b < 0 ? "" : "." + std::to_string(b));
}

struct Builder {
    Graph graph;
    const FabricShape& s;

    std::vector<NodeId> spine_nodes(int plane) {
        std::vector<NodeId> out;
        for (int k = 0; k < s.spines; ++k) { out.push_back(graph.add_node(named("spine", plane, k), true)); }
        return out;
    }

    // The leaves of one plane or rail with their NICs below and the spines above.
    void add_plane(int plane, const std::vector<NodeId>& gpus, const std::vector<NodeId>& spines) {
        const int leaves = (s.nodes() + s.nodes_per_leaf - 1) / s.nodes_per_leaf;
        const Time half = s.nic_latency * 0.5, rise = s.crossing * 0.5;
        for (int leaf = 0; leaf < leaves; ++leaf) {
            const NodeId sw = graph.add_node(named("leaf", plane, leaf), true);
            for (const NodeId spine : spines) {
                const Bandwidth up = s.nic * (s.nodes_per_leaf * s.uplink_ratio / s.spines);
                graph.add_both_ways(sw, spine, up, rise);
            }
            for (int n = leaf * s.nodes_per_leaf; n < std::min((leaf + 1) * s.nodes_per_leaf, s.nodes()); ++n) {
                const NodeId nic = graph.add_node(named("NIC", n, plane), true);
                graph.add_both_ways(gpus[static_cast<std::size_t>(n * s.gpus_per_node + plane)], nic, s.pcie,
                                    Time::zero());
                graph.add_both_ways(nic, sw, s.nic, half);
            }
        }
    }
};

}  // namespace

FabricShape fabric_shape(const SystemConfig& system, int gpus, Wiring wiring, Protocol protocol) {
    const bool ib = protocol == Protocol::infiniband;
    FabricShape s;
    s.wiring = wiring;
    s.gpus = gpus;
    s.gpus_per_node = system.nic.ranks_per_node;
    s.nvlink = payload_rate(system.nvlink);
    s.nic = system.nic.per_gpu;
    s.pcie = system.nic.pcie > Bandwidth::zero() ? system.nic.pcie : system.nic.per_gpu;
    s.nvlink_latency = system.nvlink.order.flag;
    s.nic_latency = ib ? system.nic.latency : microseconds(3.6);
    s.crossing = ib ? microseconds(0.9) : microseconds(2.0);
    s.packets.payload = system.nic.packet > Bytes::zero() ? to_double(system.nic.packet) : s.packets.payload;
    s.packets.header = ib ? to_double(system.nic.header) : roce_header;
    return s;
}

void check(const FabricShape& s) {
    const Bandwidth none = Bandwidth::zero();
    if (s.gpus < 1 || s.gpus_per_node < 1 || s.gpus % s.gpus_per_node != 0) {
        throw ModelError("network: " + std::to_string(s.gpus) + " GPUs do not fill nodes of " +
                         std::to_string(s.gpus_per_node));
    }
    if (!(s.nvlink > none)) { throw ModelError("network: NVLink has no bandwidth"); }
    if (s.nodes() == 1) { return; }
    if (s.wiring == Wiring::node_only) {
        throw ModelError("network: " + std::to_string(s.nodes()) + " nodes and nothing between them");
    }
    if (!(s.nic > none) || !(s.pcie > none)) { throw ModelError("network: a NIC or its PCIe link has no bandwidth"); }
    if (s.nodes_per_leaf < 1 || s.spines < 1) { throw ModelError("network: leaves need ports, spines must be there"); }
    if (s.nodes() > s.nodes_per_leaf && !(s.uplink_ratio > 0)) {
        throw ModelError("network: leaves without uplinks do not reach each other");
    }
    const long reach = 2L * s.nodes_per_leaf * s.nodes_per_leaf;  // as many leaves as a spine has ports
    if (s.nodes() > reach) {
        throw ModelError("network: two layers of switches join " + std::to_string(reach) + " nodes, not " +
                         std::to_string(s.nodes()));
    }
}

Fabric build(const FabricShape& shape) {
    check(shape);
    Fabric f;
    f.shape = shape;
    Builder b{{}, shape};
    for (int n = 0; n < shape.nodes(); ++n) {
        const NodeId sw = b.graph.add_node(named("NVSwitch", n), true);
        for (int i = 0; i < shape.gpus_per_node; ++i) {
            f.gpus.push_back(b.graph.add_node(named("GPU", n, i), false));
            b.graph.add_both_ways(f.gpus.back(), sw, shape.nvlink, shape.nvlink_latency * 0.5);
        }
    }
    if (shape.nodes() > 1) {
        const std::vector<NodeId> shared =
            shape.wiring == Wiring::rails ? b.spine_nodes(-1 + shape.gpus_per_node) : std::vector<NodeId>{};
        for (int plane = 0; plane < shape.gpus_per_node; ++plane) {
            const bool one_leaf = shape.nodes() <= shape.nodes_per_leaf;
            const bool rails = shape.wiring == Wiring::rails;
            const std::vector<NodeId> own = rails ? shared : one_leaf ? std::vector<NodeId>{} : b.spine_nodes(plane);
            b.add_plane(plane, f.gpus, own);
        }
    }
    f.graph = std::move(b.graph);
    return f;
}

Message Fabric::message(int from, int to, Bytes size, Time start) const {
    Message m;
    m.from = gpus.at(static_cast<std::size_t>(from));
    m.to = gpus.at(static_cast<std::size_t>(to));
    m.size = size;
    m.start = start;
    m.choice = static_cast<std::uint64_t>(from) * gpus.size() + static_cast<std::uint64_t>(to);
    const int g = shape.gpus_per_node;
    if (from / g != to / g && from % g != to % g) { m.via = gpus[static_cast<std::size_t>(from / g * g + to % g)]; }
    return m;
}

std::vector<Message> all_to_all(const Fabric& fabric, Bytes each) {
    const int n = fabric.shape.gpus;
    std::vector<Message> out;
    if (n < 2) { return out; }
    const Bytes part = bytes(each.raw() / (n - 1));
    for (int a = 0; a < n; ++a) {
        for (int b = 0; b < n; ++b) {
            if (a != b) { out.push_back(fabric.message(a, b, part)); }
        }
    }
    return out;
}

}  // namespace tessera::network
