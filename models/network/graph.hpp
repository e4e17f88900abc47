// A network as a graph: endpoints (GPUs), switches, and links of one direction each.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::network {

using NodeId = int;
using LinkId = int;

struct Link {
    NodeId from = 0, to = 0;
    Bandwidth rate{};  // of wire bytes
    Time latency{};    // of the link and the switch or endpoint at its end
};

class Graph {
public:
    // `forwards`: may be passed on the way to another node (switches; GPUs that relay do so in software, as two
    // messages).
    NodeId add_node(std::string name, bool forwards);
    // ModelError for a link without bandwidth, with a negative latency, or at a node that does not exist.
    LinkId add_link(NodeId from, NodeId to, Bandwidth rate, Time latency);
    void add_both_ways(NodeId a, NodeId b, Bandwidth rate, Time latency);

    int nodes() const { return static_cast<int>(names_.size()); }
    const std::vector<Link>& links() const { return links_; }
    const std::string& name(NodeId node) const { return names_.at(static_cast<std::size_t>(node)); }

    // Links from `from` to `to` on a shortest way. Where several are equally short, `choice` picks one of them hop by
    // hop (ECMP: the hash of a flow). ModelError naming both if there is no way.
    std::vector<LinkId> route(NodeId from, NodeId to, std::uint64_t choice = 0) const;

    // ModelError naming the first pair of `endpoints` without a way between them.
    void check_connected(const std::vector<NodeId>& endpoints) const;

private:
    std::vector<int> distances_to(NodeId to) const;

    std::vector<std::string> names_;
    std::vector<bool> forwards_;
    std::vector<Link> links_;
    std::vector<std::vector<LinkId>> out_, in_;
};

Time latency_of(const Graph& graph, const std::vector<LinkId>& route);

}  // namespace tessera::network
