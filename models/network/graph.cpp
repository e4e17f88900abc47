#include "models/network/graph.hpp"

#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"

namespace tessera::network {

NodeId Graph::add_node(std::string name, bool forwards) {
    names_.push_back(std::move(name));
    forwards_.push_back(forwards);
    out_.emplace_back();
    in_.emplace_back();
    return nodes() - 1;
}

LinkId Graph::add_link(NodeId from, NodeId to, Bandwidth rate, Time latency) {
    if (from < 0 || to < 0 || from >= nodes() || to >= nodes() || from == to) {
        throw ModelError("network: a link needs two nodes that exist");
    }
    const std::string what = "network: the link from " + name(from) + " to " + name(to);
    if (!(rate > Bandwidth::zero())) { throw ModelError(what + " has no bandwidth"); }
    if (latency < Time::zero()) { throw ModelError(what + " has a negative latency"); }
    const auto id = static_cast<LinkId>(links_.size());
    links_.push_back({from, to, rate, latency});
    out_[static_cast<std::size_t>(from)].push_back(id);
    in_[static_cast<std::size_t>(to)].push_back(id);
    return id;
}

void Graph::add_both_ways(NodeId a, NodeId b, Bandwidth rate, Time latency) {
    add_link(a, b, rate, latency);
    add_link(b, a, rate, latency);
}

std::vector<int> Graph::distances_to(NodeId to) const {
    std::vector<int> far(names_.size(), -1);
    std::vector<NodeId> queue = {to};
    far[static_cast<std::size_t>(to)] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const NodeId here = queue[i];
        if (here != to && !forwards_[static_cast<std::size_t>(here)]) { continue; }
        for (const LinkId l : in_[static_cast<std::size_t>(here)]) {
            const NodeId before = links_[static_cast<std::size_t>(l)].from;
            int& distance = far[static_cast<std::size_t>(before)];
            if (distance >= 0) { continue; }
            distance = far[static_cast<std::size_t>(here)] + 1;
            queue.push_back(before);
        }
    }
    return far;
}

std::vector<LinkId> Graph::route(NodeId from, NodeId to, std::uint64_t choice) const {
    const std::vector<int> far = distances_to(to);
    if (far.at(static_cast<std::size_t>(from)) < 0) {
        throw ModelError("network: no way leads from " + name(from) + " to " + name(to));
    }
    std::vector<LinkId> way;
    for (NodeId here = from; here != to;) {
        std::vector<LinkId> next;
        for (const LinkId l : out_[static_cast<std::size_t>(here)]) {
            const NodeId there = links_[static_cast<std::size_t>(l)].to;
            const bool passable = there == to || forwards_[static_cast<std::size_t>(there)];
            if (passable && far[static_cast<std::size_t>(there)] == far[static_cast<std::size_t>(here)] - 1) {
                next.push_back(l);
            }
        }
        invariant(!next.empty(), "network: a shortest way ends nowhere");
        const std::uint64_t hash = Hasher().word(choice).word(static_cast<std::uint64_t>(here)).value();
        way.push_back(next[hash % next.size()]);
        here = links_[static_cast<std::size_t>(way.back())].to;
    }
    return way;
}

void Graph::check_connected(const std::vector<NodeId>& endpoints) const {
    if (endpoints.empty()) { return; }
    // Everyone reaches the first, and the first reaches everyone through the same links backwards.
    for (const NodeId to : endpoints) {
        const std::vector<int> far = distances_to(to);
        for (const NodeId from : endpoints) {
            if (far.at(static_cast<std::size_t>(from)) < 0) {
                throw ModelError("network: no way leads from " + name(from) + " to " + name(to));
            }
        }
        if (endpoints.size() > 64 && to != endpoints.front()) { break; }  // links come in pairs in large fabrics
    }
}

Time latency_of(const Graph& graph, const std::vector<LinkId>& route) {
    Time sum;
    for (const LinkId l : route) { sum += graph.links().at(static_cast<std::size_t>(l)).latency; }
    return sum;
}

}  // namespace tessera::network
