#include "sim/base/hash.hpp"

#include <catch2/catch.hpp>

using tessera::Hasher;

TEST_CASE("hash: same fields give the same value, another order another one") {
    CHECK(Hasher().add(1).add(2).value() == Hasher().add(1).add(2).value());
    CHECK(Hasher().add(1).add(2).value() != Hasher().add(2).add(1).value());
    CHECK(Hasher().add(1).value() != Hasher().add(1).add(0).value());
    CHECK(Hasher().add(0).value() != Hasher().value());
}

TEST_CASE("hash: strings do not run into each other") {
    CHECK(Hasher().add("ab").add("c").value() != Hasher().add("a").add("bc").value());
}

TEST_CASE("hash: both zeros are one value, neighbouring doubles are not") {
    CHECK(Hasher().add(0.0).value() == Hasher().add(-0.0).value());
    CHECK(Hasher().add(1.0).value() != Hasher().add(1.0000000000000002).value());
}

TEST_CASE("hash: value is pinned, memo files of another build stay valid") {
    // Worked out by an independent implementation of the documented recurrence.
    CHECK(Hasher().add(std::uint64_t{1}).value() == 0xbfef8030ddc2d772ULL);
}

TEST_CASE("hash: a quantity counts by its canonical value") {
    CHECK(Hasher().add(tessera::nanoseconds(1)).value() == Hasher().add(std::int64_t{1'000'000}).value());
    CHECK(Hasher().add(tessera::watts(2)).value() == Hasher().add(2.0).value());
}
