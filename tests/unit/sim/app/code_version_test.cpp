#include "sim/app/compare.hpp"

#include <catch2/catch.hpp>
#include <regex>

using namespace tessera;

TEST_CASE("the version is the project's, with the commit where git knows it") {
    const std::regex form(R"([0-9]+\.[0-9]+\.[0-9]+(\+g[0-9a-f]{7,40}(\.dirty)?)?)");
    INFO(code_version());
    CHECK(std::regex_match(code_version(), form));
}
