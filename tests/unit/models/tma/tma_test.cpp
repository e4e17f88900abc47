#include "models/tma/tma.hpp"

#include "sim/base/error.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

TmaCopy copy(Bench& bench, std::int64_t size) {
    MemoryRegion r;
    r.blocks = 16;
    r.block_bytes = bytes(size);
    r.l2_resident = 1.0;
    TmaCopy c;
    c.memory.region = bench.l2().map(r);
    c.memory.bytes = bytes(size);
    return c;
}

}  // namespace

TEST_CASE("a load adds the unit's overhead to the memory's time") {
    Bench bench(round_system());
    const TmaReply r = bench.tma().load(copy(bench, 6400), Time::zero());
    CHECK(r.issued == nanoseconds(10));
    CHECK(r.done == nanoseconds(325 + 100));  // L2 hit of 6400 B (l2_test) and the overhead
}

TEST_CASE("copies of one SM are an issue interval apart, of two SMs not") {
    Bench bench(round_system());
    TmaCopy c = copy(bench, 128);
    CHECK(bench.tma().load(c, Time::zero()).issued == nanoseconds(10));
    c.memory.block = 1;
    CHECK(bench.tma().load(c, Time::zero()).issued == nanoseconds(20));
    c.memory.block = 2;
    c.memory.sm = 1;
    CHECK(bench.tma().load(c, Time::zero()).issued == nanoseconds(10));
}

TEST_CASE("rows off line boundaries stream slower, by the lines they touch") {
    SystemConfig s = round_system();
    s.tma.bandwidth = bytes_per_cycle(8);  // 6400 B: 800 cycles
    Bench bench(s);
    TmaCopy c = copy(bench, 6400);
    CHECK(bench.tma().load(c, Time::zero()).done == nanoseconds(800 + 100));
    c.memory.sm = 1;
    c.lines = 1.5;
    CHECK(bench.tma().load(c, Time::zero()).done == nanoseconds(1200 + 100));
}

TEST_CASE("a cast needs the capability, limits the rate and adds its latency") {
    {
        Bench plain(round_system());
        TmaCopy c = copy(plain, 6400);
        c.cast = true;
        CHECK_THROWS_AS(plain.tma().load(c, Time::zero()), ModelError);
    }
    const auto with = [](double rate) {
        SystemConfig s = round_system();
        s.tma.cast = true;
        s.tma.cast_throughput = bytes_per_cycle(rate);
        s.tma.cast_latency = cycles(50);
        Bench bench(s);
        TmaCopy k = copy(bench, 6400);
        k.cast = true;
        return bench.tma().load(k, Time::zero()).done;
    };
    CHECK(with(1000) == nanoseconds(425 + 50));
    CHECK(with(1) == nanoseconds(6400 + 100 + 50));  // one byte per clock: the cast is all that counts
}

TEST_CASE("a multicast wider than the hardware's is refused") {
    Bench bench(round_system());
    TmaCopy c = copy(bench, 128);
    c.memory.multicast = 3;
    CHECK_THROWS_AS(bench.tma().load(c, Time::zero()), ModelError);
}

TEST_CASE("a store frees its source before the data is in L2") {
    Bench bench(round_system());
    TmaCopy c = copy(bench, 6400);
    c.memory.op = MemoryOp::write;
    const TmaReply r = bench.tma().store(c, Time::zero());
    CHECK(r.source_free == nanoseconds(200));  // 6400 B at the port's 32 B/clk
    CHECK(r.done > r.source_free);
    CHECK(bench.tma().stats().stored == bytes(6400));
}
