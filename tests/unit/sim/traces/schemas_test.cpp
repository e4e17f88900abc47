#include "sim/config/loader.hpp"
#include "sim/traces/import_trace.hpp"
#include "sim/traces/kineto/kineto_reader.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/support/small_trace.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::traces;

TEST_CASE("rule files hold to their schema, misspelt ones do not") {
    const JsonValue schema = parse_json(rules_schema(), "schema");
    for (const std::string& name : shipped_configs("rules")) {
        CAPTURE(name);
        CHECK(testing::schema_problem(read_json_file(find_config("rules", name)), schema) == "");
    }
    std::string text = testing::small_rules();
    CHECK(testing::schema_problem(parse_json(text, "r"), schema) == "");
    text.replace(text.find("\"kind\": \"gemm\""), 14, "\"kind\": \"gem\"");
    CHECK(testing::schema_problem(parse_json(text, "r"), schema) != "");
}

TEST_CASE("imported workloads hold to their schema") {
    const JsonValue schema = parse_json(workload_schema(), "schema");
    const testing::TemporaryFolder folder;
    const auto rules = parse_rules(parse_json(testing::small_rules(), "r"), "r");
    const std::string text =
        to_json(import_trace(read_kineto(folder.write("t.json", testing::small_trace())), {rules}));
    CHECK(testing::schema_problem(parse_json(text, "w"), schema) == "");
    std::string wrong = text;
    wrong.replace(wrong.find("\"duration_ns\""), 13, "\"duration_us\"");
    CHECK(testing::schema_problem(parse_json(wrong, "w"), schema) != "");
}
