#include "sim/stats/counter.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tessera;

TEST_CASE("counter: integer sums stay exact beyond 2^53") {
    Counter<Bytes> read("read", "bytes read");
    read += bytes((std::int64_t{1} << 53U) + 1);
    read += bytes(1);
    CHECK(read.value() == bytes((std::int64_t{1} << 53U) + 2));
    StatGroup g;
    read.snapshot(g);
    CHECK(g.find("read")->unit == "B");
    CHECK(g.find("read")->description == "bytes read");
    CHECK(g.find("read")->value.as_integer() == (std::int64_t{1} << 53U) + 2);
    read.reset();
    CHECK(read.value() == bytes(0));
}

TEST_CASE("counter: shrinking, overflow and NaN are our bugs") {
    Counter<Bytes> read("read", "");
    CHECK_THROWS_AS(read.add(bytes(-1)), InternalError);
    read += Bytes::max();
    CHECK_THROWS_AS(read.add(bytes(1)), InternalError);
    Count jobs("jobs", "");
    jobs += std::numeric_limits<std::int64_t>::max();
    CHECK_THROWS_AS(jobs.add(1), InternalError);
    Counter<Energy> energy("energy", "");
    CHECK_THROWS_AS(energy.add(joules(std::numeric_limits<double>::quiet_NaN())), InternalError);
    energy += joules(0.5);
    CHECK(energy.value() == joules(0.5));
}
