#include "sim/app/measured/calibration_items.hpp"

#include "sim/app/measured/read_cases.hpp"
#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using namespace tessera::testing;

TEST_CASE("an item is known by its parameters, whatever was measured of it") {
    const TemporaryFolder folder;
    const CalibrationItems items(folder.write(
        "items.json", R"({"items": [{"item": {"id": "X.y", "bytes": 64, "from": "L2"}, "sets": ["a.b"]}]})"));
    const auto holds = [&](const std::string& item) { return items.holds(Text(item).at().value()); };
    CHECK(holds(R"({"id": "X.y", "bytes": 64, "from": "L2", "cycles": {"med": 1}, "hops": 7})"));
    CHECK_FALSE(holds(R"({"id": "X.y", "bytes": 65, "from": "L2"})"));
    CHECK_FALSE(holds(R"({"id": "X.y", "bytes": "64", "from": "L2"})"));
    CHECK_FALSE(holds(R"({"id": "X.y", "bytes": 64})"));
    CHECK_FALSE(holds(R"({"id": "X.z", "bytes": 64, "from": "L2"})"));
    CHECK_FALSE(holds("[1]"));
    CHECK_THROWS_AS(CalibrationItems(folder.write("broken.json", R"({"items": [{"sets": []}]})")), ConfigError);
}

TEST_CASE("items that set a constant are no evidence of accuracy, those that hold no quantity are none either") {
    const Text file(R"({"sections": {
        "A": {"items": [{"id": "A.smem", "footprint": 16384, "hops": 32768, "cycles": {"med": 23}, "sm_ghz": 1.98}]},
        "F": {"items": [{"id": "F.alu", "op": "rcp_approx", "ops_per_clk_per_sm": {"med": 161817}, "sm_ghz": 1.98},
                        {"id": "F.alu", "op": "lop3", "ops_per_clk_per_sm": {"med": 63}, "sm_ghz": 1.98}]}}})");
    const std::vector<Case> cases = read_cases(file.at().value(), "micro.json", round_system());
    REQUIRE(cases.size() == 3);
    CHECK(cases[0].standing == Standing::calibration);
    CHECK(cases[1].standing == Standing::no_quantity);
    CHECK_FALSE(cases[1].problem.empty());
    CHECK(cases[2].standing == Standing::judged);
}
