#include "models/l2/residency.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

MemoryRegion region(std::int64_t blocks, std::int64_t size, double warm = 0) {
    MemoryRegion r;
    r.blocks = blocks;
    r.block_bytes = bytes(size);
    r.l2_resident = warm;
    return r;
}

}  // namespace

TEST_CASE("a block misses once and hits while it is held") {
    L2Residency l2(bytes(1000));
    const RegionId r = l2.map(region(10, 100));
    CHECK_FALSE(l2.touch(r, 3, nanoseconds(5)).hit);
    const auto again = l2.touch(r, 3, nanoseconds(9));
    CHECK(again.hit);
    CHECK(again.last_use == nanoseconds(5));
}

TEST_CASE("the least recently used block leaves first, and only beyond the capacity") {
    L2Residency l2(bytes(300));
    const RegionId r = l2.map(region(10, 100));
    for (const std::int64_t b : {0, 1, 2}) { l2.touch(r, b, Time::zero()); }
    CHECK(l2.evictions() == 0);
    l2.touch(r, 0, Time::zero());  // 1 is the oldest now
    l2.touch(r, 3, Time::zero());
    CHECK(l2.evictions() == 1);
    CHECK(l2.held() == bytes(300));
    CHECK(l2.touch(r, 0, Time::zero()).hit);
    CHECK_FALSE(l2.touch(r, 1, Time::zero()).hit);
}

TEST_CASE("the warm share of a region hits at the first touch") {
    L2Residency l2(bytes(100000));
    const RegionId r = l2.map(region(100, 100, 0.25));
    int hits = 0;
    for (std::int64_t b = 0; b < 100; ++b) { hits += l2.touch(r, b, Time::zero()).hit ? 1 : 0; }
    CHECK(hits == 25);
}

TEST_CASE("warm blocks give way to what the kernel brings in") {
    L2Residency l2(bytes(1000));
    const RegionId warm = l2.map(region(10, 100, 1.0));
    const RegionId cold = l2.map(region(10, 100));
    for (std::int64_t b = 0; b < 10; ++b) { l2.touch(cold, b, Time::zero()); }
    for (std::int64_t b = 0; b < 10; ++b) { CHECK_FALSE(l2.touch(warm, b, Time::zero()).hit); }
}

TEST_CASE("more is warm than fits: the rest misses") {
    L2Residency l2(bytes(500));
    const RegionId r = l2.map(region(10, 100, 1.0));
    int hits = 0;
    for (std::int64_t b = 9; b >= 0; --b) { hits += l2.touch(r, b, Time::zero()).hit ? 1 : 0; }
    CHECK(hits == 5);
}

TEST_CASE("regions lie apart and requests outside them are refused") {
    L2Residency l2(bytes(1000));
    const RegionId a = l2.map(region(10, 100)), b = l2.map(region(10, 100));
    CHECK(l2.address(b, 0) >= l2.address(a, 9) + 100);
    CHECK_THROWS_AS(l2.touch(a, 10, Time::zero()), InternalError);
    CHECK_THROWS_AS(l2.map(region(0, 100)), InternalError);
}

TEST_CASE("an array that fits is held although its blocks could hold more") {
    L2Residency l2(bytes(1000));
    MemoryRegion r;
    r.blocks = 100;
    r.block_bytes = bytes(100);
    r.total = bytes(400);
    r.l2_resident = 1.0;
    const RegionId id = l2.map(r);
    for (std::int64_t b = 0; b < 8; ++b) { CHECK(l2.touch(id, b, Time::zero()).hit); }
    CHECK(l2.resident(id, 20));
}

TEST_CASE("two partitions: what the other side brought in is a copy away, then near") {
    L2Residency l2(bytes(4000), 2);
    const RegionId r = l2.map(region(4, 100));
    CHECK(l2.touch(r, 0, Time::zero(), 0).missing == Approx(1.0));
    const auto other = l2.touch(r, 0, Time::zero(), 1);
    CHECK(other.hit);
    CHECK(other.remote == Approx(0.5));  // the half whose home is side 0; the other half passed through side 1
    CHECK(l2.touch(r, 0, Time::zero(), 1).remote == 0);
    CHECK(l2.touch(r, 0, Time::zero(), 0).remote == 0);
}

TEST_CASE("lines that each side reads for itself fill the whole cache") {
    L2Residency l2(bytes(2000), 2);
    const RegionId r = l2.map(region(16, 100));  // 1600 of 2000 bytes; copies of all would need 2400
    for (int pass = 0; pass < 6; ++pass) {
        for (std::int64_t b = 0; b < 16; ++b) { l2.touch(r, b, Time::zero(), static_cast<int>(b % 2)); }
    }
    int near = 0;
    for (std::int64_t b = 0; b < 16; ++b) {
        const auto t = l2.touch(r, b, Time::zero(), static_cast<int>(b % 2));
        near += t.hit && t.remote == 0 ? 1 : 0;
    }
    CHECK(near == 16);
}

TEST_CASE("a store leaves its lines at home and drops the copies") {
    L2Residency l2(bytes(4000), 2);
    const RegionId r = l2.map(region(4, 100));
    l2.touch(r, 0, Time::zero(), 0);
    CHECK(l2.write(r, 0, Time::zero()).hit);
    CHECK(l2.touch(r, 0, Time::zero(), 0).remote == Approx(0.5));
}

TEST_CASE("bytes written twice while they are dirty are written back once") {
    L2Residency l2(bytes(1000));
    const RegionId r = l2.map(region(4, 100));
    CHECK_FALSE(l2.write(r, 0, Time::zero(), bytes(50)).dirty);
    CHECK_FALSE(l2.write(r, 0, Time::zero(), bytes(50)).dirty);  // the other half of the block
    CHECK(l2.write(r, 0, Time::zero(), bytes(50)).dirty);
}

TEST_CASE("what a shorter request left out is fetched by a longer one") {
    L2Residency l2(bytes(1000));
    const RegionId r = l2.map(region(4, 100));
    CHECK(l2.touch(r, 0, Time::zero(), 0, bytes(25)).missing == Approx(1.0));
    CHECK(l2.touch(r, 0, Time::zero(), 0, bytes(100)).missing == Approx(0.75));
    CHECK(l2.touch(r, 0, Time::zero(), 0, bytes(100)).hit);
    CHECK(l2.held() == bytes(100));
}
