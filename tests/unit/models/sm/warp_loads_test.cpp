#include "models/sm/warp_loads.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a single load has no slower one beside it, every doubling adds as much") {
    using tessera::slowest_load_cycles;
    CHECK(slowest_load_cycles(1) == 0);
    CHECK(slowest_load_cycles(8) == Approx(3 * slowest_load_cycles(2)));
}
