#include "sim/app/measured/case_checks.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

TEST_CASE("shapes beyond any GPU are refused before they overflow") {
    const Text ok(R"({"M": 262144, "N": 7168, "K": 2048, "note": "x"})"), huge(R"({"T": 1000000000, "W": 1000000000})");
    CHECK(extents_of(ok.at()).size() == 3);
    CHECK_NOTHROW(check_extents(ok.at(), extents_of(ok.at())));
    CHECK_THROWS_AS(check_extents(huge.at(), extents_of(huge.at())), ConfigError);
}

TEST_CASE("clocks and SM counts that no GPU has are refused") {
    const Text v(R"({"a": 1500, "b": 1.5, "c": {"med": 1.5}, "d": 1e-9, "e": 1e9, "f": 100000})");
    CHECK(clock_in_mhz(v.at().at("a")) == megahertz(1500));
    CHECK(clock_in_ghz(v.at().at("b")) == megahertz(1500));
    CHECK(clock_in_ghz(v.at().at("c")) == megahertz(1500));
    CHECK_THROWS_AS(clock_in_mhz(v.at().at("d")), ConfigError);
    CHECK_THROWS_AS(clock_in_mhz(v.at().at("e")), ConfigError);
    CHECK_THROWS_AS(sms_of(v.at().at("f")), ConfigError);
}

TEST_CASE("times are numbers or medians, and none lasts for ever") {
    const auto time = [](const std::string& json) {
        const JsonValue v = parse_json(json, "m.json");
        return time_in_ns(JsonCursor(v, "m.json"));
    };
    CHECK(time("12.5") == nanoseconds(12.5));
    CHECK(time(R"({"med": 3, "min": 2})") == nanoseconds(3));
    for (const char* wrong : {"0", "-1", "1e13", "\"x\"", "{}", "null"}) { CHECK_THROWS_AS(time(wrong), ConfigError); }
}
