#include "sim/app/measured/micro.hpp"
#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

Case read(const std::string& id, const std::string& members) {
    const std::vector<MicroQuantity> quantities = micro_quantities(id);
    REQUIRE(quantities.size() == 1);
    Case c;
    quantities.front().read(Text("{" + members + R"(, "sm_ghz": {"med": 1.8}})").at(), c);
    return c;
}

}  // namespace

TEST_CASE("wgmma items become probes of the Tensor Cores") {
    const Case t = read("E.wgmma_throughput", R"("type": "bf16", "a_from": "registers", "n": 64, "warpgroups": 2,
        "accumulator_sets": 1, "sms": 132, "cycles_per_instruction_per_sm": {"med": 32.0})");
    CHECK(t.unit == "cycles");
    CHECK(t.measured == 32.0);
    CHECK(t.clock == megahertz(1800));
    CHECK(t.probe(testing::round_system(), t.clock).value == Approx(32).epsilon(0.001));
    const Case l =
        read("E.wgmma_latency", R"("type": "e4m3", "a_from": "shared", "n": 128, "group": 4, "cycles": {"med": 318})");
    CHECK(l.probe(testing::round_system(), l.clock).value == Approx(4 * 64 + 10).epsilon(0.001));
}

TEST_CASE("wgmma items that cannot be are refused with the member") {
    const std::string rest = R"("warpgroups": 1, "sms": 1, "cycles_per_instruction_per_sm": {"med": 1})";
    CHECK_THROWS_WITH(read("E.wgmma_throughput", R"("type": "fp4", "a_from": "shared", "n": 8, )" + rest),
                      Catch::Contains("/type"));
    CHECK_THROWS_WITH(read("E.wgmma_throughput", R"("type": "bf16", "a_from": "L2", "n": 8, )" + rest),
                      Catch::Contains("/a_from"));
    CHECK_THROWS_WITH(read("E.wgmma_throughput", R"("type": "bf16", "a_from": "shared", "n": 512, )" + rest),
                      Catch::Contains("/n"));
    CHECK(micro_quantities("E.unheard_of").empty());
}
