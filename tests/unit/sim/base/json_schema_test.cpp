#include "sim/base/json_schema.hpp"

#include "sim/base/field_writer.hpp"
#include "tests/support/described_sample.hpp"
#include "tests/support/schema_check.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

JsonValue schema() { return parse_json(SchemaBuilder().schema<sample::Whole>("sample"), "schema"); }

std::string problem(const std::string& text) {
    return tessera::testing::schema_problem(parse_json(text, "text"), schema());
}

std::string with(const std::string& more) {
    return R"({"name": "w", "rate": "1 GB/s", "part": {"count": 1}, "inner": {"count": 1})" + more + "}";
}

}  // namespace

TEST_CASE("a schema names itself and documents its values", "[base][schema]") {
    const JsonValue s = schema();
    CHECK(s.find("$schema")->as_string() == "https://json-schema.org/draft/2020-12/schema");
    CHECK(s.find("title")->as_string() == "sample");
    CHECK(s.find("properties")->find("total")->find("description")->as_string() == "sum of all");
    CHECK(s.find("properties")->find("total")->find("default")->as_integer() == 7);
    CHECK(s.find("properties")->find("rate")->find("default") == nullptr);
}

TEST_CASE("a schema accepts what the reader accepts", "[base][schema]") {
    sample::Whole w;
    w.name = "w";
    w.rate = gb_per_second(1);
    w.rows = {1, 2};
    w.options = {{"a", {{"x", "1"}}}};
    CHECK(problem(write_json(FieldWriter().write(w))).empty());
    CHECK(problem(with("")).empty());
    CHECK(problem(with(R"(, "options": ["a"], "sources": {"name, rate": "x"})")).empty());
    CHECK(problem(R"({"extends": "other.json", "inner": {"delay": "3 ns"}})").empty());
    CHECK(problem(R"({"name": "w", "rate": ".5e3 GB/s", "part": "part.json", "inner": {"count": 1}})").empty());
}

TEST_CASE("a schema refuses what the reader refuses", "[base][schema]") {
    for (const char* more :
         {R"(, "totl": 1)", R"(, "total": 1.5)", R"(, "total": -1)", R"(, "share": 0)", R"(, "share": 2)",
          R"(, "on": 1)", R"(, "colour": "blue")", R"(, "size": 5)", R"(, "size": "5")", R"(, "size": "5 kb")",
          R"(, "rows": [1.5])", R"(, "rows": 1)", R"(, "options": {"a": 1})", R"(, "sources": {"nam": "x"})",
          R"(, "sources": {"name": 1})"}) {
        INFO(more);
        CHECK(!problem(with(more)).empty());
    }
    CHECK(problem(R"({"rate": "1 GB/s", "part": {"count": 1}, "inner": {"count": 1}})") == ": lacks name");
    CHECK(problem(R"({"name": "w", "rate": "1 GB/s", "part": {"count": 1}, "inner": {}})") == "/inner: lacks count");
    CHECK(problem(R"({"name": "w", "rate": "1 GB/s", "part": {"count": 1}})") == ": lacks inner");
}
