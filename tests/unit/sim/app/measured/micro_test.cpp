#include "sim/app/measured/micro.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

Case read(const std::string& id, const std::string& members) {
    const std::vector<MicroQuantity> quantities = micro_quantities(id);
    REQUIRE_FALSE(quantities.empty());
    Case c;
    quantities.front().read(Text("{" + members + R"(, "sm_ghz": 1.98})").at(), c);
    return c;
}

}  // namespace

TEST_CASE("a box is its rows and row bytes, whatever way its name says so") {
    const auto bytes_of = [](const std::string& box) {
        const Case c =
            read("D.tensor_load_latency", R"("box": ")" + box + R"(", "from": "L2", "cycles": {"med": 500})");
        return c.shape.front().second;
    };
    CHECK(bytes_of("fp8 64x64") == 4096);
    CHECK(bytes_of("fp8 128x64 (128 rows, 64 B)") == 8192);
    CHECK(bytes_of("bf16 128x128 as 2 swizzled boxes") == 32768);
    CHECK(bytes_of("bf16 128x128 unswizzled, 1 box") == 32768);
    CHECK_THROWS_WITH(bytes_of("fp4 64x64"), Catch::Contains("/box"));
}

TEST_CASE("every item of sections D to G names its quantity, and other shapes are read too") {
    for (const char* id : {"D.tensor_load_latency",
                           "D.bulk1d_load_latency",
                           "D.burst",
                           "D.tensor_load_throughput",
                           "D.store_latency",
                           "D.store_throughput",
                           "D.multicast",
                           "E.wgmma_throughput",
                           "E.wgmma_latency",
                           "E.promotion",
                           "E.mainloop_tma_fp8",
                           "E.sustained",
                           "F.alu",
                           "F.quant_1x128",
                           "F.shared_bandwidth",
                           "G.empty_kernel",
                           "G.kernel_gap",
                           "G.cta_rate",
                           "G.cta_turnover",
                           "G.grid_barrier",
                           "G.barrier",
                           "G.flag_round_trip_L2",
                           "G.atomics",
                           "G.fence",
                           "E.check",
                           "J.device",
                           "J.clusters",
                           "J.gpc_groups",
                           "J.timers",
                           "J.sm_clocks"}) {
        CHECK_FALSE(micro_quantities(id).empty());
    }
    const Case c = read("D.multicast", R"("cluster": 8, "multicast": 1, "sms": 64, "stages": 3, "tile_bytes": 8192,
        "working_set": 8388608, "delivered_bytes_per_clk_per_sm": {"med": 4})");
    CHECK(c.probe);
    CHECK(c.unit == "B/clk");
}

TEST_CASE("impossible items are refused with the member, unknown ones as outside the model") {
    CHECK_THROWS_WITH(read("D.bulk1d_load_latency", R"("bytes": 4000000, "from": "L2", "cycles": {"med": 1})"),
                      Catch::Contains("/bytes"));
    CHECK_THROWS_AS(read("F.alu", R"("op": "teleport", "ops_per_clk_per_sm": {"med": 1})"), ModelError);
    CHECK_THROWS_AS(read("F.alu", R"("op": "rcp_approx", "ops_per_clk_per_sm": {"med": 161817})"), ModelError);
    CHECK_THROWS_WITH(read("E.promotion", R"("wg_rows": 65, "promo": 0)"), Catch::Contains("/wg_rows"));
    CHECK_THROWS_WITH(read("G.fence", R"("what": "__threadfence", "threads": 4096, "cycles": {"med": 1})"),
                      Catch::Contains("/threads"));
    CHECK_THROWS_AS(read("G.fence", R"("what": "fence.of.love", "threads": 1, "cycles": {"med": 1})"), ModelError);
    CHECK_THROWS_AS(read("G.barrier", R"("what": "a handshake", "threads": 1, "cycles": {"med": 1})"), ModelError);
}
