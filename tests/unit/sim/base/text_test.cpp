#include "sim/base/text.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tessera;

TEST_CASE("text: numbers") {
    CHECK(format_shortest(0.1) == "0.1");
    CHECK(format_shortest(1e22) == "1e+22");
    CHECK(format_fixed(129.04, 1) == "129.0");
    CHECK(format_fixed(-0.01, 1) == "0.0");
    CHECK(format_fixed(-1.26, 1) == "-1.3");
    CHECK(format_fixed(2.5, 0) == "2");
    CHECK(format_fixed(1e300, 0).size() == 301);
    CHECK_THROWS_AS(format_shortest(std::numeric_limits<double>::quiet_NaN()), InternalError);
    CHECK_THROWS_AS(format_fixed(std::numeric_limits<double>::infinity(), 1), InternalError);
}

TEST_CASE("text: quantities with the unit a reader expects") {
    CHECK(human(milliseconds(129.0)) == "129.0 ms");
    CHECK(human(microseconds(1.5)) == "1.50 us");
    CHECK(human(nanoseconds(999.9)) == "999.9 ns");
    CHECK(human(nanoseconds(999.99)) == "1.00 us");
    CHECK(human(seconds(100)) == "100.0 s");
    CHECK(human(femtoseconds(7)) == "7.00 fs");
    CHECK(human(-milliseconds(2)) == "-2.00 ms");
    CHECK(human(Time::zero()) == "0 s");
    CHECK(human(bytes_per_second(3.35e12)) == "3.35 TB/s");
    CHECK(human(FlopRate::from_raw(1.979e15)) == "1.98 PFLOP/s");
    CHECK(human(flops(2e12)) == "2.00 TFLOP");
    CHECK(human(megahertz(1755)) == "1.75 GHz");  // 1.755 is a little less in binary
    CHECK(human(joules(0.05)) == "50.00 mJ");
    CHECK(human(watts(700)) == "700.0 W");
    CHECK(human(bytes(999)) == "999 B");
    CHECK(human(bytes(80'000'000'000)) == "80.00 GB");
    CHECK(human_binary(kib(227)) == "227 KiB");
    CHECK(human_binary(bytes(1536 * 1024)) == "1.50 MiB");
    CHECK(human_binary(bytes(12)) == "12 B");
    CHECK(percent(0.0123) == "1.2 %");
    CHECK(signed_percent(0.0123) == "+1.2 %");
    CHECK(signed_percent(-0.004, 0) == "0 %");
    CHECK(signed_percent(0.00001) == "0.0 %");
}

TEST_CASE("text: edit distance") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("stakcs", "stacks") == 1);
    CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("text: suggestions name slips and nothing else") {
    const std::vector<std::string> keys = {"stacks", "channels", "row_cycle"};
    CHECK(nearest("stack", keys) == "stacks");
    CHECK(nearest("Stacks", keys) == "stacks");
    CHECK(nearest("row-cycle", keys) == "row_cycle");
    CHECK(nearest("power", keys).empty());
    CHECK(suggestion("chanels", keys) == "did you mean \"channels\"?");
    CHECK(suggestion("zzz", keys) == "allowed: \"stacks\", \"channels\", \"row_cycle\"");
    CHECK(suggestion("zzz", std::vector<std::string>(10, "long_name")).find("and 2 more") != std::string::npos);
    CHECK(suggestion("zzz", {}).empty());
    CHECK(join({"a", "b"}, ", ") == "a, b");
}
