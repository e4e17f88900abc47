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
    SystemConfig system = round_system();
    system.sm.smem.cluster_latency = tessera::cycles(90);
    system.sm.smem.l1_latency = tessera::cycles(30);
    system.sm.smem.l1_capacity = kib(64);
    system.sm.smem.l1_ways = 2;
    return c.probe(system, megahertz(1000)).value;
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

TEST_CASE("latencies of the SM's own memories, and of what L1 misses") {
    CHECK(cycles(R"("id": "A.smem", "footprint": 16384)") == Approx(20));
    CHECK(cycles(R"("id": "A.dsmem_cluster2", "footprint": 16384)") == Approx(90));
    CHECK(cycles(R"("id": "A.l1_chase", "footprint": 65536)") == Approx(30));
    // 64 KiB beyond 64 KiB of two-way sets: three lines miss for each, so all do.
    CHECK(cycles(R"("id": "A.l1_chase", "footprint": 131072)") == Approx(250));
    // 4 KiB too many cost 12 of 68 KiB.
    CHECK(cycles(R"("id": "A.l1_chase", "footprint": 69632)") == Approx(30 + 12.0 / 68 * 220));
}

TEST_CASE("maps of lines and SMs are the mean of near and far") {
    Case c;
    read_latency(Text(R"({"id": "A.l2_line_by_sm", "line": 3, "min_cycles_by_smid_order": [200, 300, 280, 240]})").at(),
                 c);
    CHECK(c.measured == Approx(255));
    CHECK(c.probe(round_system(), megahertz(1000)).value >= 200);
    CHECK_THROWS_WITH(read_latency(Text(R"({"id": "A.l2_sm_mean", "mean_cycles": []})").at(), c),
                      Catch::Contains("/mean_cycles"));
}

TEST_CASE("a chase beside loads takes no less than alone") {
    const auto beside = [](int loaders) {
        return cycles(R"("id": "A.hbm_latency_under_load", "delay_cycles": 0, "loader_bytes_in_flight_per_sm": 65536,
                        "loader_sms": )" +
                      std::to_string(loaders));
    };
    CHECK(beside(0) == Approx(200 + 200 + 12.8).margin(1));
    CHECK(beside(3) > beside(0));
}

TEST_CASE("other latencies are not told apart, broken items name the member") {
    Case c;
    CHECK_THROWS_AS(read_latency(Text(R"({"id": "A.ring", "cycles": {"med": 23}})").at(), c), ModelError);
    CHECK_THROWS_WITH(read_latency(Text(R"({"id": "A.l2_chase", "cycles": {"med": 0}})").at(), c),
                      Catch::Contains("/cycles/med"));
}
