#include "sim/report/format.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("numbers never show as nan, inf or minus zero") {
    CHECK(fixed(std::numeric_limits<double>::quiet_NaN(), 2) == "n/a");
    CHECK(fixed(std::numeric_limits<double>::infinity(), 2) == "n/a");
    CHECK(signed_fixed(-std::numeric_limits<double>::infinity(), 2) == "n/a");
    CHECK(fixed(-0.0001, 2) == "0.00");
}

TEST_CASE("signed numbers show their sign unless they round to zero") {
    CHECK(signed_fixed(1.25, 1) == "+1.2");
    CHECK(signed_fixed(-1.75, 1) == "-1.8");
    CHECK(signed_fixed(0.001, 2) == "0.00");
    CHECK(signed_human(milliseconds(2)) == "+2.00 ms");
    CHECK(signed_human(Time::zero()) == "no change");
    CHECK(signed_human(Time::zero() - milliseconds(2)) == "-2.00 ms");
}

TEST_CASE("factors and class names") {
    CHECK(factor(1.10494) == "1.105\u00d7");
    CHECK(words("gemm_fp8_fwd") == "gemm fp8 fwd");
    CHECK(limiter_name("hbm") == "HBM");
    CHECK(limiter_name("something_new") == "something new");
}
