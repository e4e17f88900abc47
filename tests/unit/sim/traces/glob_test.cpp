#include "sim/traces/glob.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using traces::Captures;
using traces::Glob;

TEST_CASE("a pattern without stars is the whole name") {
    CHECK(Glob("rotary_kernel").match("rotary_kernel"));
    CHECK_FALSE(Glob("rotary_kernel").match("rotary_kernel2"));
    CHECK_FALSE(Glob("rotary_kernel").match("a rotary_kernel"));
}

TEST_CASE("stars stand for any text, none included") {
    CHECK(Glob("*").match(""));
    CHECK(Glob("a*").match("a"));
    CHECK(Glob("*b").match("ab"));
    CHECK(Glob("a*b*c").match("axxbyyc"));
    CHECK_FALSE(Glob("a*b*c").match("axxcyyb"));
    CHECK(Glob("*ab").match("aab"));  // the earliest "ab" is not the last
    CHECK(Glob("a**b").match("a-b"));
    CHECK_FALSE(Glob("ab*ab").match("ab"));  // no character serves twice
}

TEST_CASE("numbers in a name are kept") {
    const Glob norm("*ln_fwd<*unsigned int, {cols}u, {ctas}u*");
    const auto found = norm.match("void ln_fwd<bf16, unsigned int, 7168u, 1u>(x)");
    REQUIRE(found);
    CHECK(*found == Captures{{"cols", 7168}, {"ctas", 1}});
    CHECK_FALSE(norm.match("void ln_fwd<bf16, unsigned int, u, 1u>(x)"));
    CHECK_FALSE(Glob("{n}").match("1234567890123456789"));  // beyond 18 digits
    CHECK(Glob("{n}").match("123456789012345678")->at("n") == 123456789012345678);
}

TEST_CASE("patterns that do not read are refused") {
    for (const char* bad : {"", "a{", "a{}", "{1x}", "{n}{n}", "{a b}"}) { CHECK_THROWS_AS(Glob(bad), ConfigError); }
}

TEST_CASE("matching long names takes steps in proportion to pattern and name") {
    const std::string name(100'000, 'a');
    CHECK_FALSE(Glob("*a*a*a*a*a*a*a*a*b").match(name));
    CHECK(Glob("*a*a*a*a*").match(name));
}
