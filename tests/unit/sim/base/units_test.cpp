#include "sim/base/units.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <type_traits>

using namespace tessera;

TEST_CASE("units: times count femtoseconds and round to the nearest") {
    CHECK(nanoseconds(1).raw() == 1'000'000);
    CHECK(seconds(1.4e-15).raw() == 1);
    CHECK(seconds(1.6e-15).raw() == 2);
    CHECK(seconds(-1.6e-15).raw() == -2);
    CHECK(to_seconds(microseconds(900)) == 0.0009);
    CHECK(to_milliseconds(seconds(1.5)) == 1500);
    CHECK(to_microseconds(milliseconds(2)) == 2000);
    CHECK(to_nanoseconds(femtoseconds(1'500'000)) == 1.5);
    // One clock of 1.755 GHz: at picoseconds it would be off by 0.035 %.
    CHECK((cycles(1) / megahertz(1755)).raw() == 569'801);
}

TEST_CASE("units: only physical products and ratios, with the right result") {
    CHECK(bytes(3'350'000) / gb_per_second(3350) == microseconds(1));
    CHECK(cycles(1000) / megahertz(1000) == microseconds(1));
    CHECK(flops(2e15) / FlopRate::from_raw(1e15) == seconds(2));
    CHECK(bytes(256) / bytes_per_cycle(128) == cycles(2));
    CHECK(microseconds(1) * megahertz(1500) == cycles(1500));
    CHECK(bytes_per_cycle(64) * megahertz(1000) == gb_per_second(64));
    CHECK((bytes(1000) / nanoseconds(1)).raw() == Approx(1e12));
    CHECK(flops(6) / seconds(2) == FlopRate::from_raw(3));
    CHECK(joules(6) / seconds(2) == watts(3));
    CHECK(watts(3) * seconds(2) == joules(6));
    CHECK(kib(1) == bytes(1024));
    CHECK(mib(1) == kib(1024));
    static_assert(std::is_same_v<decltype(bytes(1) / bytes(1)), double>);
}

TEST_CASE("units: arithmetic within a dimension") {
    Time t = nanoseconds(3);
    t += nanoseconds(2);
    t -= nanoseconds(1);
    CHECK(t == nanoseconds(4));
    CHECK(-t < Time::zero());
    CHECK(t / nanoseconds(2) == 2.0);
    CHECK(t * 0.5 == nanoseconds(2));
    CHECK(t / 4.0 == nanoseconds(1));
    CHECK(bytes(5) * 0.5 == bytes(3));  // 2.5 rounds away from zero
    CHECK(bytes(-5) * 0.5 == bytes(-3));
    CHECK(min(t, nanoseconds(1)) == nanoseconds(1));
    CHECK(max(t, nanoseconds(1)) == t);
    CHECK((t >= nanoseconds(4) && t <= nanoseconds(4) && t != nanoseconds(5) && nanoseconds(5) > t));
}

TEST_CASE("units: what cannot be counted is an error, not a number") {
    CHECK_THROWS_AS(bytes(1) / gb_per_second(0), InternalError);
    CHECK_THROWS_AS(bytes(0) / gb_per_second(0), InternalError);
    CHECK_THROWS_AS(cycles(1) / megahertz(0), InternalError);
    CHECK_THROWS_AS(seconds(std::numeric_limits<double>::quiet_NaN()), InternalError);
    CHECK_THROWS_AS(seconds(10'000), InternalError);  // beyond 2.5 hours
    CHECK_NOTHROW(seconds(9'000));
    CHECK_THROWS_AS(Bytes::max() * 2.0, InternalError);
    CHECK_THROWS_AS(bytes(-1) / bytes_per_second(1e-20), InternalError);
}
