#include "sim/cli/explanations.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"
#include "tests/support/sample_comparison.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every shipped configuration has words, its kind is known from its own text") {
    for (const std::string& kind : config_kinds()) {
        for (const std::string& name : shipped_configs(kind)) {
            INFO(kind << " " << name);
            const std::string file = find_config(kind, name);
            CHECK(configuration_text(kind, file).size() > 300);
            CHECK(kind_of_config(read_json_file(file)) == kind);
        }
    }
    CHECK(kind_of_config(parse_json("[]", "x")).empty());
    CHECK(kind_of_config(parse_json("{}", "x")).empty());
}

TEST_CASE("a value stands below its section with file and source") {
    const std::string text = configuration_text("systems", find_config("systems", "h800"));
    CHECK(holds(text, "\nhbm\n  capacity = "));
    CHECK(holds(text, "(configs/systems/h"));
}

TEST_CASE("comparisons and runs are summed up, other documents counted, strangers refused") {
    const Comparison c = sample::comparison();
    CHECK(holds(result_text(parse_json(to_json(c), "c"), "c"), "group-scaled-mma"));
    const RunDocument d{c.workload, c.system, c.baseline, "", "test"};
    CHECK(holds(result_text(parse_json(to_json(d), "d"), "d"), "SM clock"));
    CHECK(holds(result_text(parse_json(R"({"schema": "tessera.validate/1", "cases": [1, 2]})", "v"), "v"),
                "cases: 2 entries"));
    CHECK_THROWS_AS(result_text(parse_json(R"({"schema": "other"})", "o"), "o"), ConfigError);
}

TEST_CASE("every family that is named has words") {
    const std::vector<std::string> names = family_names();
    CHECK(std::is_sorted(names.begin(), names.end()));
    REQUIRE(names.size() > 10);
    for (const std::string& name : names) { CHECK(holds(family_text(name), name)); }
    CHECK(holds(family_text("cast_something"), "median"));  // by "cast_*"
    CHECK(family_text("nothing").empty());
}
