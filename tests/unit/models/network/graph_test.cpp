#include "models/network/graph.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;
using namespace tessera::network;

TEST_CASE("a route is shortest, passes switches only and is the same for the same choice") {
    Graph g;
    const NodeId a = g.add_node("a", false), b = g.add_node("b", false), c = g.add_node("c", false);
    const NodeId left = g.add_node("left", true), right = g.add_node("right", true);
    for (const NodeId sw : {left, right}) {
        g.add_both_ways(a, sw, gb_per_second(1), microseconds(1));
        g.add_both_ways(sw, b, gb_per_second(1), microseconds(2));
    }
    g.add_both_ways(a, c, gb_per_second(1), microseconds(1));
    g.add_both_ways(c, b, gb_per_second(1), microseconds(1));  // as short, but through an endpoint
    std::set<NodeId> passed;
    for (std::uint64_t choice = 0; choice < 32; ++choice) {
        const auto way = g.route(a, b, choice);
        REQUIRE(way.size() == 2);
        CHECK(way == g.route(a, b, choice));
        passed.insert(g.links()[static_cast<std::size_t>(way[0])].to);
        CHECK(latency_of(g, way) == microseconds(3));
    }
    CHECK(passed == std::set<NodeId>{left, right});
    CHECK(g.route(a, a).empty());
    CHECK_NOTHROW(g.check_connected({a, b, c}));
}

TEST_CASE("links without bandwidth and nodes without a way are refused by name") {
    Graph g;
    const NodeId a = g.add_node("GPU a", false), b = g.add_node("GPU b", false);
    CHECK_THROWS_AS(g.add_link(a, b, Bandwidth::zero(), Time::zero()), ModelError);
    CHECK_THROWS_AS(g.add_link(a, b, gb_per_second(1), -microseconds(1)), ModelError);
    CHECK_THROWS_AS(g.add_link(a, 7, gb_per_second(1), Time::zero()), ModelError);
    CHECK_THROWS_WITH(g.check_connected({a, b}), Catch::Contains("GPU a") && Catch::Contains("GPU b"));
    CHECK_THROWS_AS(g.route(a, b), ModelError);
}
