#include "sim/stats/busy_time.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("busy time: busy and stalled add up to the elapsed time") {
    BusyTime t("pipe", "pipe at work");
    t.add(nanoseconds(10), nanoseconds(15));
    t.add(nanoseconds(15), nanoseconds(20));  // touches: the same interval
    t.begin(nanoseconds(30));
    CHECK(t.is_busy());
    t.end(nanoseconds(32));
    CHECK(t.busy() == nanoseconds(12));
    CHECK(t.intervals() == 2);
    CHECK(t.stalled(nanoseconds(40)) == nanoseconds(28));
    CHECK(t.utilization(nanoseconds(40)) == Approx(0.3));
    CHECK_NOTHROW(t.check(nanoseconds(32)));

    StatGroup g;
    t.snapshot(g, nanoseconds(40));
    CHECK(g.find("pipe")->value.as_integer() == nanoseconds(12).raw());
    CHECK(g.find("pipe_stalled")->value.as_integer() == nanoseconds(28).raw());
    CHECK(g.find("pipe_intervals")->value.as_integer() == 2);

    t.reset(nanoseconds(40));
    CHECK(t.utilization(nanoseconds(40)) == 0);
    t.add(nanoseconds(45), nanoseconds(50));
    CHECK(t.utilization(nanoseconds(50)) == Approx(0.5));
    CHECK(t.intervals() == 1);
}

TEST_CASE("busy time: work recorded twice, backwards or not yet ended is refused") {
    BusyTime t("pipe", "");
    t.add(nanoseconds(10), nanoseconds(20));
    CHECK_THROWS_AS(t.add(nanoseconds(19), nanoseconds(25)), InternalError);
    CHECK_THROWS_AS(t.add(nanoseconds(30), nanoseconds(25)), InternalError);
    CHECK_THROWS_AS(t.check(nanoseconds(19)), InternalError);
    CHECK_THROWS_AS(t.end(nanoseconds(30)), InternalError);
    CHECK_THROWS_AS(t.begin(nanoseconds(5)), InternalError);
    t.begin(nanoseconds(20));
    CHECK_THROWS_AS(t.begin(nanoseconds(21)), InternalError);
    CHECK_THROWS_AS(t.add(nanoseconds(21), nanoseconds(22)), InternalError);
    CHECK_THROWS_AS(t.stalled(nanoseconds(22)), InternalError);
    t.end(nanoseconds(20));  // no work at all is no interval
    CHECK(t.intervals() == 1);
}
