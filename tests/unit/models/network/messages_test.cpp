// covers: packets.cpp
#include "models/network/messages.hpp"

#include "models/network/fabrics.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace tessera;
using namespace tessera::network;

namespace {

FabricShape small(int gpus, Wiring wiring, int nodes_per_leaf = 2) {
    static const SystemConfig h800 = load_system(find_config("systems", "h800"));
    FabricShape s = fabric_shape(h800, gpus, wiring);
    s.gpus_per_node = 2;
    s.nodes_per_leaf = nodes_per_leaf;
    return s;
}

// Both modes on the same messages: last arrival within `share`.
void agree(const Graph& graph, const std::vector<Message>& messages, const Packets& packets, double share) {
    const Delivery fluid = send_fluid(graph, messages, packets), exact = send_packets(graph, messages, packets);
    CHECK(fluid.injected == exact.delivered);
    INFO("fluid " << to_microseconds(fluid.last) << " us, packets " << to_microseconds(exact.last) << " us");
    CHECK(fluid.last / exact.last == Approx(1).epsilon(share));
    for (std::size_t l = 0; l < fluid.carried.size(); ++l) { CHECK(fluid.carried[l] == Approx(exact.carried[l])); }
}

}  // namespace

TEST_CASE("messages and packets agree within 3 % on small systems") {
    for (const Wiring wiring : {Wiring::planes, Wiring::rails}) {
        for (int gpus : {4, 8, 12}) {
            const Fabric f = build(small(gpus, wiring));
            agree(f.graph, all_to_all(f, mib(8)), f.shape.packets, 0.03);
        }
    }
    const Fabric f = build(small(8, Wiring::planes));
    std::vector<Message> incast;
    for (int from = 1; from < 8; ++from) { incast.push_back(f.message(from, 0, mib(1))); }
    agree(f.graph, incast, f.shape.packets, 0.03);
    const std::vector<Message> one = {f.message(0, 5, mib(4))};
    agree(f.graph, one, f.shape.packets, 0.03);
    std::vector<Message> late = {f.message(0, 4, mib(2)), f.message(2, 4, mib(1), microseconds(30)),
                                 f.message(6, 4, mib(3))};
    agree(f.graph, late, f.shape.packets, 0.03);
}

TEST_CASE("incast is paced by the receiver's link and shared fairly") {
    const Fabric f = build(small(8, Wiring::planes));
    std::vector<Message> in;
    for (int from : {2, 4, 6}) { in.push_back(f.message(from, 0, mib(4))); }
    const Delivery d = send_fluid(f.graph, in, f.shape.packets);
    const double wire = 3 * wire_bytes(f.shape.packets, mib(4));
    CHECK(to_seconds(d.last) > wire / f.shape.nic.raw());
    CHECK(to_seconds(d.last) < wire / f.shape.nic.raw() + 5e-6);
    const Delivery alone = send_fluid(f.graph, {in[0]}, f.shape.packets);
    CHECK(d.last / alone.last == Approx(3).epsilon(0.1));
}

TEST_CASE("headers cost their share") {
    CHECK(wire_bytes({100, 10}, bytes(1000)) == 1100);
    CHECK(wire_bytes({100, 10}, bytes(1)) == 11);
    CHECK(wire_bytes({4096, 42}, Bytes::zero()) == 0);
}

TEST_CASE("what cannot be told apart is one class") {
    const Fabric f = build(small(8, Wiring::planes, 8));
    const auto messages = all_to_all(f, mib(1));
    const auto [flows, links] = classes_of(f.graph, messages);
    CHECK(messages.size() == 56);
    CHECK(flows == 3);  // in the node, same index, other index
    CHECK(links <= 7);
    // One larger message breaks the symmetry.
    auto uneven = messages;
    uneven[0].size = mib(2);
    CHECK(classes_of(f.graph, uneven).first > flows);
}

TEST_CASE("too many packets are refused, not followed for hours") {
    const Fabric f = build(small(4, Wiring::planes));
    CHECK_THROWS_AS(send_packets(f.graph, {f.message(0, 1, bytes(std::int64_t{1} << 40))}, f.shape.packets),
                    ModelError);
}
