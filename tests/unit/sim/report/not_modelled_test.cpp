#include "sim/report/not_modelled.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("the limits are whole sentences") {
    REQUIRE_FALSE(not_modelled().empty());
    for (const std::string& s : not_modelled()) {
        CHECK(s.size() > 40);
        CHECK(s.back() == '.');
    }
}
