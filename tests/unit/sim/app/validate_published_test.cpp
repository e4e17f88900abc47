#include "sim/app/validate_published.hpp"

#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json_cursor.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;
using Catch::Matchers::Contains;

// The sets themselves take seconds; `tessera validate` runs them. What a set file must hold is checked here.
TEST_CASE("published figures: every set has a file, a run that exists and limits") {
    REQUIRE_FALSE(published_sets().empty());
    for (const std::string& set : published_sets()) {
        std::string name = set;
        std::replace(name.begin(), name.end(), '-', '_');
        const std::string file = find_data("workloads/deepseek_v3/published/" + name + ".json");
        REQUIRE_FALSE(file.empty());
        const JsonValue document = read_json_file(file);
        const JsonCursor root(document, file);
        CHECK(root.text("set") == set);
        CHECK_NOTHROW(load_run_config(find_config("runs", root.text("run"))));
        for (const JsonCursor& item : root.at("figures").items()) {
            CHECK(item.positive("value") > 0);
            CHECK(item.positive("limit") <= 0.10);
        }
    }
}

TEST_CASE("published figures: an unknown set is refused by name") {
    CHECK_THROWS_WITH(validate_published("nobody", {}), Contains("\"nobody\""));
}
