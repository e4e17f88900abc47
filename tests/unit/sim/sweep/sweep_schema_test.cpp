#include "sim/config/loader.hpp"
#include "sim/sweep/sweep_config.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/support/small_sweep.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

std::string problem(const std::string& members) {
    const TemporaryFolder folder;
    return schema_problem(read_json_file(small_sweep(folder, members)), parse_json(sweep_schema(), "schema"));
}

}  // namespace

TEST_CASE("every shipped sweep follows the schema") {
    const JsonValue schema = parse_json(sweep_schema(), "schema");
    for (const std::string& name : shipped_configs("sweeps")) {
        INFO(name);
        CHECK(schema_problem(read_json_file(find_config("sweeps", name)), schema) == "");
    }
}

TEST_CASE("the schema takes what the reader takes, and refuses what it refuses") {
    for (const char* members : {two_axes, R"("points": [{"system.hbm.peak": "4 TB/s"}])"}) {
        CHECK(problem(members) == "");
        const TemporaryFolder folder;
        CHECK_NOTHROW(load_sweep(small_sweep(folder, members)));
    }
    const std::string axes = std::string(two_axes) + ", ";
    for (const std::string& members :
         {std::string(R"("axis": [])"), std::string(R"("axes": [{"path": "a", "vales": [1]}])"),
          std::string(R"("axes": [{"values": [1]}])"), axes + R"("sample": {"method": "random"})",
          axes + R"("filter": {"keep": 2})", axes + R"("limits": {"time": 5})", axes + R"("objectives": ["tim_s"])"}) {
        INFO(members);
        CHECK(problem(members) != "");
        const TemporaryFolder folder;
        CHECK_THROWS(load_sweep(small_sweep(folder, members)));
    }
}
