// covers: models/device/wire_sharing.cpp
#include "models/device/wire_sharing.hpp"

#include "sim/base/error.hpp"
#include "sim/base/normal.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;

TEST_CASE("one flow waits for nobody: its own time and both ways") {
    const Time alone = microseconds(10), wire = microseconds(3);
    CHECK(over_wires(alone, wire, 1) == alone + wire * 2.0);
    // Two flows by hand: each way takes 1.5; with one flow it is busy for 1.5 of 13.
    const double met = 1.5 * (1 + 1.5 / 13);
    CHECK(to_microseconds(over_wires(alone, wire, 2)) == Approx(10 + 2 * met));
    CHECK_THROWS_AS(over_wires(alone, wire, 0), ModelError);
}

TEST_CASE("many flows come close to the slower of wires and warps, never below") {
    for (const double wire : {1.0, 5.0, 9.0, 10.0, 11.0, 20.0}) {
        Time before = Time::max();
        for (const int flows : {4, 16, 64, 256, 1024}) {
            const Time t = over_wires(microseconds(10), microseconds(wire), flows);
            CHECK(t >= microseconds(std::max(10.0, wire)) * (1 - 1e-9));
            CHECK(t < before);
            before = t;
        }
        CHECK(to_microseconds(before) < std::max(10.0, wire) * 1.1);
    }
    CHECK(over_wires(microseconds(10), Time::zero(), 8) == microseconds(10));
}

TEST_CASE("tokens fall into queues like coins: the longest of many is longer") {
    const QueueSpread s = queue_spread(400, 100, 96);
    CHECK(s.relative == Approx(std::sqrt(400 * 0.25 * 0.75) / 100));
    CHECK(s.longest == Approx(s.relative * normal_quantile((96 - 0.375) / 96.25)));
    CHECK(queue_spread(400, 400, 96).longest == 0);  // every token to every peer
    CHECK(queue_spread(400, 100, 1).longest == 0);
    CHECK(queue_spread(400, 100, 960).longest > s.longest);
    CHECK(queue_spread(0, 0, 8).relative == 0);
    CHECK_THROWS_AS(queue_spread(10, 11, 8), ModelError);
    // Half of all queues exceed the median, by 0.8 standard deviations each.
    CHECK(s.beyond_median() == Approx(0.4 * s.relative).epsilon(0.01));
    CHECK(with_longest(microseconds(100), microseconds(50), s) ==
          microseconds(100) * (1 - s.beyond_median()) + microseconds(50) * s.longest);
}

TEST_CASE("the busiest GPU is busier than the busiest node: loads of a node's GPUs even out") {
    const auto largest = [](double n) { return normal_quantile((n - 0.375) / (n + 0.25)); };
    const double spread = 0.08;
    const double node = 1 + largest(8) * spread / std::sqrt(8.0);
    CHECK(busiest_gpu(node, 8, 64) == Approx(1 + largest(64) * spread));
    CHECK(busiest_gpu(1, 8, 64) == 1);
    CHECK(busiest_gpu(1.1, 1, 8) == 1);
    CHECK(busiest_gpu(1.05, 8, 64) > busiest_gpu(1.04, 8, 64));
}
