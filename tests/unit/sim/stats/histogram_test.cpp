#include "sim/stats/histogram.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tessera;

TEST_CASE("histogram: a value on an edge belongs to the bin above") {
    Histogram<Time> h("latency", "load to use", {nanoseconds(1), nanoseconds(2), nanoseconds(4)});
    h.add(nanoseconds(0.5));
    h.add(nanoseconds(1));
    h.add(nanoseconds(1.999), 2);
    h.add(nanoseconds(2));
    h.add(nanoseconds(4));
    h.add(nanoseconds(100), 0);
    CHECK(h.bins() == std::vector<std::int64_t>{1, 3, 1, 1});
    CHECK(h.count() == 6);
    CHECK(h.smallest() == nanoseconds(0.5));
    CHECK(h.largest() == nanoseconds(4));
    CHECK(h.mean() == Approx(1e6 * (0.5 + 1 + 2 * 1.999 + 2 + 4) / 6));

    StatGroup g;
    h.snapshot(g);
    const JsonValue& v = g.find("latency")->value;
    CHECK(v.find("count")->as_integer() == 6);
    CHECK(v.find("bins")->items()[1].as_integer() == 3);
    CHECK(v.find("edges")->items().size() == 3);
    CHECK(v.find("largest")->as_integer() == nanoseconds(4).raw());

    h.reset();
    CHECK(h.count() == 0);
    CHECK(h.mean() == 0);
    StatGroup empty;
    h.snapshot(empty);
    CHECK(empty.find("latency")->value.find("mean") == nullptr);
}

TEST_CASE("histogram: wrong use is our bug") {
    CHECK_THROWS_AS(Histogram<Bytes>("b", "", {}), InternalError);
    CHECK_THROWS_AS(Histogram<Bytes>("b", "", {bytes(2), bytes(2)}), InternalError);
    Histogram<Cycles> h("c", "", {cycles(1)});
    CHECK_THROWS_AS(h.add(cycles(std::numeric_limits<double>::quiet_NaN())), InternalError);
    CHECK_THROWS_AS(h.add(cycles(1), -1), InternalError);
}

TEST_CASE("histogram: geometric edges") {
    CHECK(geometric_edges(bytes(32), 2, 4) == std::vector<Bytes>{bytes(32), bytes(64), bytes(128), bytes(256)});
    CHECK(geometric_edges<std::int64_t>(1, 10, 3) == std::vector<std::int64_t>{1, 10, 100});
    CHECK_THROWS_AS(geometric_edges(bytes(0), 2, 4), InternalError);
    CHECK_THROWS_AS(geometric_edges(bytes(1), 1.1, 4), InternalError);  // rounds to the same edge
}
