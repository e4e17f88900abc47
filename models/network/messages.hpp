// Messages between endpoints of a graph: fluid with max-min fair shares, or packet by packet for small systems.
#pragma once

#include "models/network/graph.hpp"

namespace tessera::network {

// What a message's bytes become on the wire.
struct Packets {
    double payload = 4096;  // bytes of a full packet
    double header = 0;      // beside it
};
double wire_bytes(const Packets& packets, Bytes payload);

struct Message {
    NodeId from = 0, to = 0;
    NodeId via = -1;  // an endpoint that passes it on, as it arrives; -1: none
    Bytes size{};
    Time start{};
    std::uint64_t choice = 0;  // between equally short ways
};

std::vector<LinkId> route_of(const Graph& graph, const Message& message);

struct Delivery {
    Time last{};                // arrival of the last byte of all
    std::vector<Time> arrival;  // of each message's last byte
    Bytes injected{}, delivered{};
    std::vector<double> carried;  // wire bytes per link
};

// Messages that take the same way, are as large and start together are one flow with a count; messages and links that
// cannot be told apart (by refinement: a message by its links, a link by its messages) are one class. ModelError where
// there is no way. InternalError unless all bytes injected are delivered.
Delivery send_fluid(const Graph& graph, const std::vector<Message>& messages, const Packets& packets);

// Packet by packet: an endpoint sends its messages' packets in turn, each link is a queue that stores and forwards.
// For small systems: cost is packets times hops. ModelError above a few million packets.
Delivery send_packets(const Graph& graph, const std::vector<Message>& messages, const Packets& packets);

// Classes that the refinement finds, for tests and reports: flows and links.
std::pair<int, int> classes_of(const Graph& graph, const std::vector<Message>& messages);

}  // namespace tessera::network
