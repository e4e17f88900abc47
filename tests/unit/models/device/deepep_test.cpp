#include "models/device/deepep.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

// Every row of a round takes a microsecond of a common resource, two more for the way.
Time round_of(int warps) { return microseconds(2.0 + warps); }

ChunkSenders senders(int rows, int warps, bool in_turn) {
    ChunkSenders s;
    s.rows = rows;
    s.warps = warps;
    s.in_turn = in_turn;
    s.fence = microseconds(1);
    return s;
}

double period(int rows, int warps, bool in_turn) {
    return to_microseconds(chunk_period(senders(rows, warps, in_turn), round_of));
}

}  // namespace

TEST_CASE("a chunk takes whole rounds of its warps, and the fence of the first") {
    CHECK(period(12, 12, false) == Approx(14 + 1));
    CHECK(period(24, 12, false) == Approx(2 * 14 + 1));
    CHECK(period(16, 12, false) == Approx(14 + 6 + 1));
    CHECK(period(4, 12, false) == Approx(6 + 1));
}

TEST_CASE("rows dealt in turn hide the fence when the first warp has none in the last round") {
    CHECK(period(12, 12, true) == Approx(period(12, 12, false)));
    CHECK(period(4, 12, true) == Approx(6 + 1 / 3.0));        // every third chunk meets the fencing warp
    CHECK(period(16, 12, true) == Approx(14 + 6 + 1 / 3.0));  // the same, after a whole round
    ChunkSenders slow = senders(1, 12, true);
    slow.fence = microseconds(5);  // longer than a round: the next chunk waits for it in any case
    CHECK(to_microseconds(chunk_period(slow, round_of)) == Approx(8.0 / 12 + 5.0 * 11 / 12));
}

TEST_CASE("longer chunks never take less, and are never slower per row by whole rounds") {
    for (const bool in_turn : {false, true}) {
        for (int rows = 1; rows < 60; ++rows) { CHECK(period(rows + 1, 12, in_turn) >= period(rows, 12, in_turn)); }
        CHECK(period(24, 12, in_turn) / 24 < period(12, 12, in_turn) / 12);
    }
    CHECK_THROWS_AS(chunk_period(senders(0, 12, true), round_of), ModelError);
    CHECK_THROWS_AS(chunk_period(senders(4, 0, true), round_of), ModelError);
}

TEST_CASE("the library's chunk sizes follow the number of ranks") {
    CHECK(deepep_chunks(false, 2).nvlink == 24);
    CHECK(deepep_chunks(true, 2).nvlink == 10);
    CHECK(deepep_chunks(false, 6).nvlink == deepep_chunks(false, 4).nvlink);
    CHECK(deepep_chunks(true, 1024).rdma == deepep_chunks(true, 160).rdma);
    CHECK(deepep_v2().sms_per_channel == 1);
}
