#include "models/network/fair_share.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::network;

TEST_CASE("rates are max-min fair") {
    // Bertsekas and Gallager's example: a long flow over two links, short ones beside it.
    const std::vector<LinkClass> links = {{1, 1}, {2, 1}};
    const std::vector<FlowClass> flows = {{1, 1, 0, {{0, 1}, {1, 1}}}, {1, 1, 0, {{0, 1}}}, {1, 1, 0, {{1, 1}}}};
    const std::vector<double> r = fair_rates(links, flows, {true, true, true});
    CHECK(r[0] == Approx(0.5));
    CHECK(r[1] == Approx(0.5));
    CHECK(r[2] == Approx(1.5));
    CHECK(fair_rates(links, flows, {true, false, false})[0] == Approx(1));
}

TEST_CASE("a class stands for its members") {
    // Eight flows over four links, two on each.
    const FlowTimes folded = run_flows({{10, 4}}, {{8, 100, 0, {{0, 1}}}});
    CHECK(folded.last == Approx(20));
    CHECK(folded.carried[0] == Approx(800));
    const FlowTimes one = run_flows({{10, 1}}, {{1, 100, 0, {{0, 1}}}, {1, 100, 0, {{0, 1}}}});
    CHECK(one.last == Approx(folded.last));
}

TEST_CASE("what ends makes room, what starts later takes some") {
    const FlowTimes t = run_flows({{1, 1}}, {{1, 1, 0, {{0, 1}}}, {1, 3, 0, {{0, 1}}}, {1, 1, 10, {{0, 1}}}});
    CHECK(t.finish[0] == Approx(2));  // half of the link each
    CHECK(t.finish[1] == Approx(4));
    CHECK(t.finish[2] == Approx(11));
}

TEST_CASE("more bandwidth is never slower, and no link carries more than it can") {
    double last = 1e30;
    for (double rate : {1.0, 2.0, 3.0, 5.0}) {
        const std::vector<LinkClass> links = {{rate, 1}, {4, 2}};
        const FlowTimes t = run_flows(links, {{3, 7, 0, {{0, 1}, {1, 1}}}, {5, 2, 1, {{1, 2}}}});
        CHECK(t.last <= last * (1 + 1e-12));
        for (std::size_t l = 0; l < links.size(); ++l) {
            CHECK(t.carried[l] <= links[l].rate * links[l].count * t.last * (1 + 1e-9));
        }
        last = t.last;
    }
}

TEST_CASE("a link without bandwidth is refused") {
    CHECK_THROWS_AS(run_flows({{0, 1}}, {{1, 1, 0, {{0, 1}}}}), ModelError);
    CHECK_THROWS_AS(run_flows({{1, 1}}, {{1, 1, 0, {{3, 1}}}}), InternalError);
}
