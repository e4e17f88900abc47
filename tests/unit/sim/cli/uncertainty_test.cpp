#include "sim/cli/uncertainty.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

TEST_CASE("the number of draws is a whole number, four or more; none without the option") {
    const auto asked = [](std::vector<std::string> words) {
        Arguments a(words, {uncertainty_option()}, 0);
        const int n = uncertainty_of(a);
        a.finish();
        return n;
    };
    CHECK(asked({}) == 0);
    CHECK(asked({"--uncertainty", "8"}) == 8);
    CHECK_THROWS_AS(asked({"--uncertainty", "3"}), ConfigError);
    CHECK_THROWS_AS(asked({"--uncertainty", "many"}), ConfigError);
}
