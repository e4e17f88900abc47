#include "models/l2/l2.hpp"

#include "sim/base/error.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

RegionId map(Bench& bench, std::int64_t blocks, std::int64_t size, double warm = 1.0) {
    MemoryRegion r;
    r.blocks = blocks;
    r.block_bytes = bytes(size);
    r.l2_resident = warm;
    return bench.l2().map(r);
}

MemoryRequest request(RegionId r, std::int64_t block, int sm = 0, MemoryOp op = MemoryOp::read) {
    MemoryRequest q;
    q.region = r;
    q.block = block;
    q.sm = sm;
    q.op = op;
    return q;
}

}  // namespace

TEST_CASE("sectors are moved whole") {
    CHECK(sector_bytes(256, 0, 32) == 256);
    CHECK(sector_bytes(250, 0, 32) == 256);
    CHECK(sector_bytes(64, 16, 32) == 128);
    CHECK(sector_bytes(0, 0, 32) == 0);
}

TEST_CASE("a hit takes the far latency plus the slower of link and port") {
    Bench bench(round_system());
    const RegionId r = map(bench, 4, 6400);
    // Port: 6400 B / 64 B/clk = 100 + near 200; link: 3200 B / 128 B/clk = 25 + far 300.
    CHECK(bench.l2().access(request(r, 0), Time::zero()).done == nanoseconds(325));
}

TEST_CASE("one SM's port serves its requests one after another") {
    Bench bench(round_system());
    const RegionId r = map(bench, 8, 64000);
    const Time first = bench.l2().access(request(r, 0), Time::zero()).done;
    const Time second = bench.l2().access(request(r, 1), Time::zero()).done;
    CHECK(second - first == nanoseconds(1000));  // 64000 B at 64 B/clk
}

TEST_CASE("a miss waits for HBM and counts its bytes") {
    Bench bench(round_system());
    const RegionId r = map(bench, 4, 256, 0.0);
    const MemoryReply reply = bench.l2().access(request(r, 0), Time::zero());
    CHECK_FALSE(reply.hit);
    CHECK(reply.from_hbm == bytes(256));
    CHECK(reply.done >= nanoseconds(200 + 25.6 + 200));
    CHECK(bench.l2().stats().misses == 1);
}

TEST_CASE("bytes in are bytes out") {
    Bench bench(round_system());
    const RegionId r = map(bench, 64, 4096, 0.0);
    for (std::int64_t b = 0; b < 64; ++b) { bench.l2().access(request(r, b), Time::zero()); }
    const L2Stats s = bench.l2().stats();
    CHECK(s.read == bytes(64 * 4096));
    CHECK(s.delivered == s.read);
    CHECK(s.hits + s.misses == 64);
    CHECK(bench.hbm().stats().read_pins == s.read);
}

TEST_CASE("a multicast is read once and delivered to each SM") {
    Bench bench(round_system());
    const RegionId r = map(bench, 4, 6400);
    MemoryRequest q = request(r, 0);
    q.multicast = 2;
    bench.l2().access(q, Time::zero());
    CHECK(bench.l2().stats().read == bytes(6400));
    CHECK(bench.l2().stats().delivered == bytes(12800));
}

TEST_CASE("accounting without time changes residency and traffic only") {
    Bench bench(round_system());
    const RegionId r = map(bench, 4, 4096, 0.0);
    bench.l2().account(request(r, 0), 3, Time::zero());
    CHECK(bench.l2().stats().read == bytes(3 * 4096));
    CHECK(bench.hbm().stats().read_pins == bytes(4096));
    CHECK(bench.hbm().stats().bus_busy == Time::zero());
    CHECK(bench.l2().access(request(r, 0), Time::zero()).hit);
}

TEST_CASE("a store is written back, a partial store fetches first") {
    Bench bench(round_system());
    const RegionId r = map(bench, 4, 4096, 0.0);
    bench.l2().access(request(r, 0, 0, MemoryOp::write), Time::zero());
    CHECK(bench.hbm().stats().write_pins == bytes(4096));
    CHECK(bench.hbm().stats().read_pins == bytes(0));
    MemoryRequest partial = request(r, 1, 0, MemoryOp::write);
    partial.full_overwrite = false;
    bench.l2().access(partial, Time::zero());
    CHECK(bench.hbm().stats().read_pins == bytes(4096));
}

TEST_CASE("a line out of HBM is looked up once and a half, one that is held once, one outside the tensor longer") {
    SystemConfig c = round_system();
    c.l2.partitions = 2;
    c.l2.slices = 1;
    c.hbm.peak = gb_per_second(4000);
    const auto time = [&c](double warm, double outside) {
        Bench bench(c);
        MemoryRequest q = request(map(bench, 1, 64000, warm), 0);
        q.outside = outside;
        return bench.l2().access(q, Time::zero()).done;
    };
    // 64000 B at 60 B/clk, half of them again for the other side; 200 to the SM.
    CHECK(to_nanoseconds(time(1.0, 0)) == Approx(64000 / 60.0 + 200));
    CHECK(to_nanoseconds(time(0.0, 0)) == Approx(1.5 * 64000 / 60.0 + 200));
    const Time more = time(1.0, 15) - time(1.0, 0);
    CHECK(to_nanoseconds(more) == Approx(15 * 400 / 60.0));
}

TEST_CASE("SMs that ask together are served once, but not by multicast, and only in part when they wait for HBM") {
    SystemConfig c = round_system();
    c.l2.coalescing_window = cycles(500);
    const auto third = [&c](int multicast, bool behind_hbm) {
        Bench bench(c);
        const RegionId shared = map(bench, 1, 64000), own = map(bench, 1, 256, 0.0);
        MemoryRequest q = request(shared, 0);
        bench.l2().access(q, nanoseconds(1));
        q.sm = 1;
        bench.l2().access(q, nanoseconds(1));
        q.sm = 2;
        q.multicast = multicast;
        if (behind_hbm) { bench.l2().access(request(own, 0, 2), nanoseconds(1)); }
        const Time before = bench.l2().stats().slice_busy;
        bench.l2().access(q, nanoseconds(2));
        return bench.l2().stats().slice_busy - before;
    };
    CHECK(third(1, false) == Time::zero());
    CHECK(third(2, false) > Time::zero());
    CHECK(third(1, true) > Time::zero());
    CHECK(third(1, true) < third(2, false));
}

TEST_CASE("a system without an L2 bandwidth is refused") {
    SystemConfig c = round_system();
    c.l2.bandwidth = bytes_per_cycle(0);
    CHECK_THROWS_AS(Bench(c), ModelError);
}

TEST_CASE("a new line pushes out an old one, dirty in the share that the kernel writes") {
    Bench bench(round_system());
    MemoryRegion region;
    region.blocks = 8;
    region.block_bytes = bytes(1024);
    region.dirty_evictions = 0.25;
    const RegionId r = bench.l2().map(region);
    bench.l2().access(request(r, 0), Time::zero());
    CHECK(bench.hbm().stats().read_pins == bytes(1024));
    CHECK(bench.hbm().stats().write_pins == bytes(256));
    bench.l2().access(request(r, 0), nanoseconds(5000));  // a hit brings no line
    CHECK(bench.hbm().stats().write_pins == bytes(256));
    bench.l2().access(request(r, 1, 0, MemoryOp::write), nanoseconds(6000));
    CHECK(bench.hbm().stats().write_pins == bytes(512));
}

TEST_CASE("narrow store requests take a line's time each") {
    const auto time = [](std::int64_t carried) {
        Bench bench(round_system());
        MemoryRegion region;
        region.blocks = 8;
        region.block_bytes = bytes(65536);
        region.store_request = bytes(carried);
        return bench.l2().access(request(bench.l2().map(region), 0, 0, MemoryOp::write), Time::zero()).done;
    };
    CHECK(time(128) == time(0));
    CHECK(time(16) - time(32) > (time(32) - time(64)) * 1.9);  // slices limit: twice the requests, twice the time
}

TEST_CASE("the SMs of a GPC share its way to the L2") {
    SystemConfig c = round_system();
    c.l2.gpc_read = bytes_per_cycle(40);  // at 2 GHz, whatever the SMs run at
    Bench bench(c);
    const RegionId r = map(bench, 8, 64000);
    Time last{};
    for (int sm = 0; sm < 4; ++sm) { last = max(last, bench.l2().access(request(r, sm, sm), Time::zero()).done); }
    // 4 x 64000 B at 80 B/clk + near 200; each port alone would need 1000.
    CHECK(last == nanoseconds(3200 + 200));
}

TEST_CASE("a line that only the other partition holds comes later") {
    SystemConfig c = round_system();
    c.l2.partitions = 2;
    c.l2.latency_copy = cycles(170);
    Bench bench(c);
    map(bench, 32768, 128);                 // no room for copies of everything that is warm
    const RegionId r = map(bench, 4, 256);  // half of its lines at home in each partition
    const Time first = bench.l2().access(request(r, 0), Time::zero()).done;
    const Time again = bench.l2().access(request(r, 0), microseconds(2)).done - microseconds(2);
    CHECK(first - again == nanoseconds(170));
}

TEST_CASE("stores wait when the buffers on their way are full") {
    Bench bench(round_system());
    const RegionId r = map(bench, 4096, 4096, 0.0);
    Time accepted{};
    for (std::int64_t b = 0; b < 4096; ++b) {
        accepted = bench.l2().access(request(r, b, static_cast<int>(b % 4), MemoryOp::write), accepted).accepted;
    }
    // 16 MiB at no more than HBM's 40 B/ns, less what a sixteenth of 4 MiB of queue and the buffers hold.
    CHECK(accepted > nanoseconds((4096.0 * 4096.0 - 400000.0) / 40.0));
}

TEST_CASE("lines fetched in pairs come together, and the second one asks for nothing more") {
    const auto first = [](std::int64_t row) {
        Bench bench(round_system());
        MemoryRegion r;
        r.blocks = 3;
        r.block_bytes = bytes(64000);
        r.run = bytes(128);
        r.paired = true;
        r.pair_row = row;
        const RegionId id = bench.l2().map(r);
        const MemoryReply one = bench.l2().access(request(id, 0), Time::zero());
        const MemoryReply two = bench.l2().access(request(id, 1), one.done);
        const MemoryReply last = bench.l2().access(request(id, 2), two.done);
        CHECK(one.from_hbm + two.from_hbm == bytes(128000));
        CHECK(last.from_hbm == bytes(64000));  // at the end of its row it has no neighbour
        CHECK(two.from_hbm == bytes(row > 1 ? 0 : 64000));
        return one.done;
    };
    // 64000 B more at HBM's 40 B/ns, on channels that shuffled chunks load unevenly.
    CHECK(to_nanoseconds(first(3) - first(0)) == Approx(1600).epsilon(0.1));
}

TEST_CASE("sums of the same lines take turns, those of other lines do not wait") {
    SystemConfig c = round_system();
    c.sm.sync.same_address = cycles(10);  // for 8 bytes: a line takes 160 cycles
    const auto second = [&](std::int64_t block) {
        Bench bench(c);
        const RegionId r = map(bench, 2, 1280);
        bench.l2().access(request(r, 0, 0, MemoryOp::reduce), Time::zero());
        return bench.l2().access(request(r, block, 1, MemoryOp::reduce), Time::zero()).done;
    };
    CHECK(second(0) == nanoseconds(2 * 160 + 200));
    CHECK(second(1) < second(0));
}

TEST_CASE("SMs of a larger GPC wait longer for HBM when more is asked for than it gives") {
    SystemConfig c = round_system();
    c.sm.count = 12;
    c.sm.gpcs = 4;  // of 2, 2, 4 and 4 SMs, one of each size in each half
    c.l2.gpc_read = bytes_per_cycle(1e6);
    c.l2.half_fetch = gb_per_second(40);
    const auto last = [&](int reads) {
        Bench bench(c);
        const RegionId r = map(bench, 12 * 64, 12800, 0.0);
        std::vector<Time> done(12);
        for (int i = 0; i < reads; ++i) {
            for (int sm = 0; sm < 12; ++sm) {
                Time& d = done[static_cast<std::size_t>(sm)];
                d = bench.l2().access(request(r, i * 12 + sm, sm), Time::zero()).done;
            }
        }
        return done;
    };
    std::vector<Time> small, large;
    const std::vector<SmPlace> places = sm_places(12, 4, 0);
    const std::vector<Time> done = last(32);
    std::vector<int> sizes(4);
    for (const SmPlace& p : places) { ++sizes[static_cast<std::size_t>(p.gpc)]; }
    for (std::size_t sm = 0; sm < done.size(); ++sm) {
        const int size = sizes[static_cast<std::size_t>(places[sm].gpc)];
        (size == *std::max_element(sizes.begin(), sizes.end()) ? large : small).push_back(done[sm]);
    }
    REQUIRE_FALSE(small.empty());
    CHECK(*std::max_element(large.begin(), large.end()) >= *std::max_element(small.begin(), small.end()));
}
