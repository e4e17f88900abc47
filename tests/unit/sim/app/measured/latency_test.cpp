#include "sim/app/measured/latency.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::round_system;
using tessera::testing::Text;

namespace {

double cycles(const std::string& members) {
    Case c;
    read_latency(Text(R"({"cycles": {"med": 300}, "sm_ghz": {"med": 1.0}, )" + members + "}").at(), c);
    REQUIRE(c.unit == "cycles");
    REQUIRE(c.measured == 300);
    return c.probe(round_system(), megahertz(1000)).value;
}

}  // namespace

TEST_CASE("a chase through L2 takes the mean of near and far a hop") {
    // 200 and 300 cycles; one partition, so no copies.
    CHECK(cycles(R"("id": "A.l2_chase", "footprint": 1048576, "hops": 1024, "pass": 2)") == Approx(250));
    CHECK(cycles(R"("id": "A.tlb_l2hit_page_stride", "pages_2MiB": 64)") == Approx(250));
}

TEST_CASE("a chase through HBM adds its latency") {
    // Near 200 on the way, 200 ns in HBM, 128 B of a channel's 10 B/ns bus.
    CHECK(cycles(R"("id": "A.hbm_chase_cold", "footprint": 67108864, "hops": 512)") ==
          Approx(200 + 200 + 12.8).margin(1));
}

TEST_CASE("other latencies are not told apart, broken items name the member") {
    Case c;
    CHECK_THROWS_AS(read_latency(Text(R"({"id": "A.smem", "cycles": {"med": 23}})").at(), c), ModelError);
    CHECK_THROWS_WITH(read_latency(Text(R"({"id": "A.l2_chase", "cycles": {"med": 0}})").at(), c),
                      Catch::Contains("/cycles/med"));
}
