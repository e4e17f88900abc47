#include "models/network/fabrics.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::network;

namespace {

const SystemConfig& h800() {
    static const SystemConfig system = load_system(find_config("systems", "h800"));
    return system;
}

Time small_message(const Fabric& f, int from, int to) {
    return send_fluid(f.graph, {f.message(from, to, bytes(64))}, f.shape.packets).last;
}

}  // namespace

TEST_CASE("64 bytes take what the paper measured through a leaf and through a spine") {
    for (const Protocol protocol : {Protocol::infiniband, Protocol::roce}) {
        FabricShape s = fabric_shape(h800(), 4 * 8, Wiring::planes, protocol);
        s.nodes_per_leaf = 2;
        const Fabric f = build(s);
        const bool ib = protocol == Protocol::infiniband;
        CHECK(to_microseconds(small_message(f, 0, 8)) == Approx(ib ? 2.8 : 3.6).epsilon(0.01));
        CHECK(to_microseconds(small_message(f, 0, 24)) == Approx(ib ? 3.7 : 5.6).epsilon(0.01));
        CHECK(to_microseconds(small_message(f, 0, 1)) < 2.1);  // NVLink
    }
}

TEST_CASE("planes meet nowhere, rails at the spines") {
    const Fabric planes = build(fabric_shape(h800(), 16, Wiring::planes));
    CHECK_THROWS_AS(planes.graph.route(planes.gpus[0], planes.gpus[9]), ModelError);
    CHECK(planes.message(0, 9, bytes(1)).via == planes.gpus[1]);
    CHECK(planes.message(0, 8, bytes(1)).via < 0);
    const Fabric rails = build(fabric_shape(h800(), 16, Wiring::rails));
    CHECK(rails.graph.route(rails.gpus[0], rails.gpus[9]).size() == 6);
    CHECK(rails.graph.route(rails.gpus[0], rails.gpus[8]).size() == 4);
    CHECK_NOTHROW(rails.graph.check_connected(rails.gpus));
    CHECK_THROWS_AS(planes.graph.check_connected(planes.gpus), ModelError);
}

TEST_CASE("a rack of 72 GPUs is one node") {
    FabricShape s = fabric_shape(h800(), 72, Wiring::node_only);
    s.gpus_per_node = 72;
    const Fabric f = build(s);
    const Delivery d = send_fluid(f.graph, all_to_all(f, mib(71)), f.shape.packets);
    CHECK(to_seconds(d.last) == Approx(71 * 1048576.0 / s.nvlink.raw() + to_seconds(s.nvlink_latency)).epsilon(0.02));
}

TEST_CASE("fabrics that cannot be are refused") {
    const auto with = [](auto change) {
        FabricShape s = fabric_shape(h800(), 16, Wiring::planes);
        change(s);
        return s;
    };
    CHECK_NOTHROW(build(with([](FabricShape&) {})));
    CHECK_THROWS_AS(build(with([](FabricShape& s) { s.gpus = 12; })), ModelError);
    CHECK_THROWS_AS(build(with([](FabricShape& s) { s.nic = Bandwidth::zero(); })), ModelError);
    CHECK_THROWS_AS(build(with([](FabricShape& s) { s.nvlink = Bandwidth::zero(); })), ModelError);
    CHECK_THROWS_AS(build(with([](FabricShape& s) { s.wiring = Wiring::node_only; })), ModelError);
    CHECK_THROWS_AS(build(with([](FabricShape& s) { s.nodes_per_leaf = 1, s.uplink_ratio = 0; })), ModelError);
    CHECK_THROWS_AS(check(with([](FabricShape& s) { s.gpus = 8 * 4096; })), ModelError);
}
