#include "models/network/folded.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::network;

namespace {

FabricShape shape(int gpus, int per_node, int per_leaf) {
    static const SystemConfig h800 = load_system(find_config("systems", "h800"));
    FabricShape s = fabric_shape(h800, gpus, Wiring::planes);
    s.gpus_per_node = per_node;
    s.nodes_per_leaf = per_leaf;
    return s;
}

}  // namespace

TEST_CASE("folding gives what following every GPU gives") {
    // Full leaves, a last leaf that is not full, more and fewer uplinks.
    for (const auto& [gpus, per_leaf, uplinks] : {std::tuple{8, 8, 1.0}, {16, 2, 1.0}, {20, 4, 1.0}, {24, 4, 0.5}}) {
        FabricShape s = shape(gpus, 2, per_leaf);
        s.uplink_ratio = uplinks;
        const Fabric f = build(s);
        const Delivery each = send_fluid(f.graph, all_to_all(f, mib(16)), s.packets);
        const FoldedTime folded = all_to_all_folded(s, mib(16));
        INFO(gpus << " GPUs, " << per_leaf << " nodes per leaf");
        CHECK(folded.last / each.last == Approx(1).epsilon(0.03));
        double carried = 0;
        for (std::size_t l = 0; l < each.carried.size(); ++l) {
            const Link& link = f.graph.links()[l];
            if (link.rate == s.nic && f.graph.name(link.to).rfind("leaf", 0) == 0) { carried += each.carried[l]; }
        }
        if (carried > 0) { CHECK(folded.on_nic * gpus == Approx(carried).epsilon(0.01)); }
    }
}

TEST_CASE("the number of classes does not grow with the fabric") {
    for (int gpus : {2048, 4096, 16384}) {
        const FoldedTime t = all_to_all_folded(shape(gpus, 8, 32), mib(64));
        CHECK(t.flows <= 12);
        CHECK(t.nic <= t.last);
        CHECK(t.spine <= t.last);
        // 64 MiB less what stays in the node, at 400 Gbit/s.
        CHECK(to_seconds(t.last) > 67108864.0 * (gpus - 8) / (gpus - 1) / 50e9);
        CHECK(to_seconds(t.last) < 67108864.0 / 50e9 * 1.10);
    }
}

TEST_CASE("more bandwidth is never slower") {
    double last = 1e30;
    for (double uplinks : {0.25, 0.5, 1.0, 2.0}) {
        FabricShape s = shape(1024, 8, 32);
        s.uplink_ratio = uplinks;
        const double now = to_seconds(all_to_all_folded(s, mib(64)).last);
        CHECK(now <= last);
        last = now;
    }
}

TEST_CASE("one GPU and half a node are refused") {
    CHECK_THROWS_AS(all_to_all_folded(shape(1, 1, 1), mib(1)), ModelError);
    CHECK_THROWS_AS(all_to_all_folded(shape(12, 8, 32), mib(1)), ModelError);
}
