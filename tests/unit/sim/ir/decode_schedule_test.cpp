#include "sim/ir/decode_schedule.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("requests that fit into a part stay whole") {
    // 64 requests of 64 blocks over 66 parts: 64 x 69 / 66 rounds up to 67, and 5: one request of 69 fits.
    const auto pieces = decode_schedule(std::vector<std::int64_t>(64, 64), 66);
    REQUIRE(pieces.size() == 64);
    for (const DecodePiece& p : pieces) {
        CHECK(p.whole);
        CHECK(p.part == p.request);
    }
}

TEST_CASE("a request that does not fit is split; every block is computed once") {
    // 32 x 69 / 66 rounds up to 34, and 5: 34 blocks of a request fit beside its ends, 30 are left for the next part.
    const auto pieces = decode_schedule(std::vector<std::int64_t>(32, 64), 66);
    REQUIRE(pieces.size() == 64);
    CHECK(pieces[0].blocks == 34);
    CHECK(pieces[1].blocks == 30);
    CHECK(pieces[1].first == 34);
    CHECK_FALSE(pieces[1].whole);
    for (const std::int64_t parts : {1, 3, 66, 500}) {
        const std::vector<std::int64_t> blocks = {1, 200, 7, 33};
        std::vector<std::int64_t> seen(blocks.size(), 0);
        for (const DecodePiece& p : decode_schedule(blocks, parts)) {
            CHECK(p.part < parts);
            CHECK(p.first == seen[static_cast<std::size_t>(p.request)]);
            seen[static_cast<std::size_t>(p.request)] += p.blocks;
        }
        CHECK(seen == blocks);
    }
}
