#include "sim/base/quantity_text.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

std::string complaint(const std::string& text, Dimension d) {
    const auto reading = read_real_quantity(text, d);
    return reading.problem + (reading.hint.empty() ? "" : " | " + reading.hint);
}

std::string byte_complaint(const std::string& text) { return read_integer_quantity(text, Dimension::bytes).problem; }

}  // namespace

TEST_CASE("quantities read in every unit, correctly rounded", "[base][quantity]") {
    CHECK(parse_quantity<Bandwidth>("3.35 TB/s", "t").raw() == 3.35e12);
    CHECK(parse_quantity<Bandwidth>("400 Gbit/s", "t").raw() == 50e9);
    CHECK(parse_quantity<Bandwidth>("1 GiB/s", "t").raw() == 1073741824.0);
    CHECK(parse_quantity<Bytes>("128 KiB", "t") == kib(128));
    CHECK(parse_quantity<Bytes>("1.5 KiB", "t") == bytes(1536));
    CHECK(parse_quantity<Bytes>("80 GB", "t") == bytes(80000000000));
    CHECK(parse_quantity<Bytes>("1 kB", "t") == bytes(1000));
    CHECK(parse_quantity<Frequency>("1755 MHz", "t").raw() == 1755e6);
    CHECK(parse_quantity<Frequency>("1.98GHz", "t").raw() == 1.98e9);
    CHECK(parse_quantity<Cycles>("29 clk", "t") == cycles(29));
    CHECK(parse_quantity<BytesPerCycle>(" 64 B/clk ", "t") == bytes_per_cycle(64));
    CHECK(parse_quantity<Time>("8 ns", "t") == nanoseconds(8));
    CHECK(parse_quantity<Time>("+3.9 us", "t") == femtoseconds(3900000000));
    CHECK(parse_quantity<Power>("700 W", "t") == watts(700));
    CHECK(parse_quantity<Power>("0.7 kW", "t") == watts(700));
    CHECK(parse_quantity<Energy>("0.6 pJ", "t").raw() == 0.6e-12);
    CHECK(parse_quantity<FlopRate>("1979 TFLOP/s", "t").raw() == 1979e12);
    CHECK(parse_quantity<Flops>("1e3 GFLOP", "t").raw() == 1e12);
    CHECK(parse_quantity<Area>("814 mm2", "t").raw() == 814);
    CHECK(parse_quantity<Area>("1 cm2", "t").raw() == 100);
}

TEST_CASE("integers stay exact where doubles do not", "[base][quantity]") {
    CHECK(parse_quantity<Bytes>("9007199254740993 B", "t").raw() == 9007199254740993);
    CHECK(parse_quantity<Time>("9.007199254740993 s", "t").raw() == 9007199254740993);
    CHECK(parse_quantity<Time>("0.30000000000000001 s", "t") == seconds(0.3));  // to the nearest femtosecond
}

TEST_CASE("what is not a quantity is refused with the reason", "[base][quantity]") {
    CHECK(complaint("3.35", Dimension::power) ==
          "\"3.35\" has no unit, and a power needs one | accepted units: mW, W, kW");
    CHECK(complaint("W", Dimension::power) ==
          "\"W\" is not a power: it does not begin with a decimal number | accepted units: mW, W, kW");
    CHECK(complaint("nan W", Dimension::power).find("does not begin with a decimal number") != std::string::npos);
    CHECK(complaint("inf W", Dimension::power).find("does not begin with a decimal number") != std::string::npos);
    CHECK(complaint("0x10 W", Dimension::power).find("\"x10 W\" is not a unit of power") != std::string::npos);
    CHECK(complaint("", Dimension::power).find("does not begin with a decimal number") != std::string::npos);
    CHECK(complaint("5 GB", Dimension::power) == "\"GB\" is not a unit of power | accepted units: mW, W, kW");
    CHECK(complaint("5 ghz", Dimension::frequency) ==
          "\"ghz\" is not a unit of frequency | did you mean GHz? accepted units: Hz, kHz, MHz, GHz");
    CHECK(complaint("5 mw", Dimension::power) ==
          "\"mw\" is not a unit of power | did you mean mW? accepted units: mW, W, kW");
    CHECK(complaint("5 KB", Dimension::bytes).find("did you mean kB (1000 B) or KiB (1024 B)?") != std::string::npos);
    CHECK(complaint("1e30 W", Dimension::power) == "\"1e30 W\" is beyond any plausible power");
    CHECK(complaint("1e999 W", Dimension::power) == "\"1e999 W\" is beyond any plausible power");
    CHECK(complaint("1e99999999999999999999 W", Dimension::power) ==
          "\"1e99999999999999999999 W\" is beyond any plausible power");
    CHECK(byte_complaint("0.5 B") == "\"0.5 B\" is not a whole number of bytes");
    CHECK(byte_complaint("1e10 TB") == "\"1e10 TB\" is beyond any plausible size");
    CHECK(read_integer_quantity("0.1 fs", Dimension::time).problem ==
          "\"0.1 fs\" is below the time resolution of 1 fs");
    CHECK_THROWS_AS(parse_quantity<Power>("5", "--cap"), ConfigError);
}

TEST_CASE("text is canonical: largest unit with a number of at least 1", "[base][quantity]") {
    CHECK(to_text(bytes_per_second(3.35e12)) == "3.35 TB/s");
    CHECK(to_text(gb_per_second(900)) == "900 GB/s");
    CHECK(to_text(bytes_per_second(0.5)) == "0.5 B/s");
    CHECK(to_text(kib(128)) == "128 KiB");
    CHECK(to_text(bytes(80000000000)) == "80 GB");
    CHECK(to_text(bytes(84943110145)) == "84943110145 B");
    CHECK(to_text(bytes(0)) == "0 B");
    CHECK(to_text(megahertz(1755)) == "1.755 GHz");
    CHECK(to_text(nanoseconds(48)) == "48 ns");
    CHECK(to_text(femtoseconds(3900000000)) == "3.9 us");
    CHECK(to_text(Time::zero()) == "0 ns");
    CHECK(to_text(joules(0.6e-12)) == "600 fJ");
    CHECK(to_text(cycles(77.1)) == "77.1 clk");
    CHECK(to_text(cycles(-2)) == "-2 clk");
    CHECK(to_text(Area::from_raw(1e-9)) == "0.001 um2");
}

TEST_CASE("text reads back as the same bits", "[base][quantity]") {
    for (double v = 1e-12; v < 1e16; v *= 3.7) {
        const double third = v / 3;
        CHECK(parse_quantity<Bandwidth>(to_text(bytes_per_second(third)), "t").raw() == third);
        CHECK(parse_quantity<Cycles>(to_text(cycles(third * 1e-3)), "t").raw() == third * 1e-3);
        CHECK(parse_quantity<Energy>(to_text(joules(third * 1e-9)), "t").raw() == third * 1e-9);
    }
    for (std::int64_t n = 1; n < 4000000000000000000; n = n * 2 + n / 7 + 1) {
        CHECK(parse_quantity<Bytes>(to_text(bytes(n)), "t").raw() == n);
        CHECK(parse_quantity<Time>(to_text(femtoseconds(n)), "t").raw() == n);
    }
}
