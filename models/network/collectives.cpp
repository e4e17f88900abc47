#include "models/network/collectives.hpp"

#include <cmath>

namespace tessera::network {

std::vector<RingPhase> ring_phases(Collective kind, int ranks_per_node, int nodes, double whole) {
    const double share = whole / ranks_per_node;
    const RingPhase inside{false, share, ranks_per_node - 1}, outside{true, share / nodes, nodes - 1};
    std::vector<RingPhase> all;
    if (kind != Collective::all_gather) { all.insert(all.end(), {inside, outside}); }
    if (kind != Collective::reduce_scatter) { all.insert(all.end(), {outside, inside}); }
    std::vector<RingPhase> phases;
    for (const RingPhase& p : all) {
        if (p.steps > 0) { phases.push_back(p); }
    }
    return phases;
}

std::vector<Message> ring_step(const Fabric& fabric, const RingPhase& phase) {
    const int m = fabric.shape.gpus_per_node, all = fabric.shape.gpus;
    const Bytes part = bytes(std::llround(phase.part));
    std::vector<Message> out;
    for (int from = 0; from < all; ++from) {
        const int to = phase.between_nodes ? (from + m) % all : from / m * m + (from + 1) % m;
        out.push_back(fabric.message(from, to, part));
    }
    return out;
}

CollectiveTime collective_time(const FabricShape& s, Collective kind, Bytes whole) {
    check(s);
    CollectiveTime t;
    const Time farthest = s.nic_latency + (s.nodes() > s.nodes_per_leaf ? s.crossing : Time::zero());
    const double rate = std::min(s.nic.raw(), s.pcie.raw());
    for (const RingPhase& p : ring_phases(kind, s.gpus_per_node, s.nodes(), to_double(whole))) {
        const Bytes part = bytes(std::llround(p.part));
        if (p.between_nodes) {
            t.network += (seconds(wire_bytes(s.packets, part) / rate) + farthest) * static_cast<double>(p.steps);
            t.on_network += p.part * p.steps;
        } else {
            t.nvlink += (part / s.nvlink + s.nvlink_latency) * static_cast<double>(p.steps);
            t.on_nvlink += p.part * p.steps;
        }
    }
    t.total = t.nvlink + t.network;
    return t;
}

}  // namespace tessera::network
