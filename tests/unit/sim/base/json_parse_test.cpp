#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using Catch::Matchers::Contains;

namespace {

// The single diagnostic that parsing `text` must raise.
Diagnostic problem(const std::string& text) {
    try {
        parse_json(text, "in.json");
    } catch (const ConfigError& e) {
        REQUIRE(e.diagnostics().size() == 1);
        CHECK(e.diagnostics()[0].file == "in.json");
        return e.diagnostics()[0];
    }
    FAIL("accepted: " << text);
    return {};
}

std::string repeated(const std::string& s, int n) {
    std::string out;
    for (int i = 0; i < n; ++i) { out += s; }
    return out;
}

}  // namespace

TEST_CASE("json: every value knows its line and column") {
    const JsonValue v = parse_json(
        "// starter\n"
        "{\n"
        "  \"a\": 12, /* unit: \"x\" */ \"b\" : [true, null,\n"
        "     \"q\\\"uo\\\\\", -1.5e3],\n"
        "  \"\xC3\xA9\": {\"k\": {}}\n"
        "}\n",
        "in.json");
    CHECK(v.line == 2);
    CHECK(v.column == 1);
    CHECK(v.find("a")->line == 3);
    CHECK(v.find("a")->column == 8);
    const auto& items = v.find("b")->items();
    REQUIRE(items.size() == 4);
    CHECK(v.find("b")->column == 34);
    CHECK(items[0].as_boolean());
    CHECK(items[0].column == 35);
    CHECK(items[1].is_null());
    CHECK(items[1].column == 41);
    CHECK(items[2].as_string() == "q\"uo\\");
    CHECK(items[2].line == 4);
    CHECK(items[2].column == 6);
    CHECK(items[3].as_double() == -1500.0);
    CHECK(items[3].column == 17);
    const JsonValue* accented = v.find("\xC3\xA9");  // one character, two bytes
    CHECK(accented->column == 8);
    CHECK(accented->find("k")->column == 14);
    CHECK(v.find("absent") == nullptr);
}

TEST_CASE("json: integers stay exact and numbers that do not fit are refused") {
    CHECK(parse_json("9223372036854775807", "f").as_integer() == INT64_MAX);
    CHECK(parse_json("-9223372036854775808", "f").as_integer() == INT64_MIN);
    CHECK(parse_json("9007199254740993", "f").as_integer() == 9007199254740993);
    CHECK(parse_json("3", "f").kind() == JsonValue::Kind::integer);
    CHECK(parse_json("3.0", "f").kind() == JsonValue::Kind::number);
    CHECK(parse_json("0.1", "f").as_double() == 0.1);
    CHECK(parse_json("0.0e-400", "f").as_double() == 0.0);

    CHECK_THAT(problem("9223372036854775808").message, Contains("line 1, column 1") && Contains("64 bits"));
    CHECK_THAT(problem("[1, -9223372036854775809]").message, Contains("column 5") && Contains("64 bits"));
    CHECK_THAT(problem("99999999999999999999999").message, Contains("64 bits"));
    CHECK_THAT(problem("{\"x\": 1e999}").message, Contains("1e999"));
    CHECK_THAT(problem("{\"x\": 1e-999}").message, Contains("too small"));
    for (const char* word : {"NaN", "nan", "-Infinity", "Infinity", "inf"}) {
        CHECK_THAT(problem("{\"x\": " + std::string(word) + "}").hint, Contains("NaN and infinities"));
    }
}

TEST_CASE("json: a duplicate key is refused with both places and a pointer") {
    const Diagnostic d = problem("{\"outer\": [{}, {\n  \"a/b\": 1,\n  \"a/b\": 2}]}");
    CHECK(d.pointer == "/outer/1/a~1b");
    CHECK_THAT(d.message, Contains("line 3, column 3") && Contains("\"a/b\"") && Contains("line 2, column 10"));
    // Large objects use another way to search.
    std::string many = "{";
    for (int i = 0; i < 100; ++i) { many += "\"k" + std::to_string(i) + "\": 0, "; }
    CHECK(parse_json(many + "\"last\": 1}", "f").members().size() == 101);
    CHECK(problem(many + "\"k7\": 1}").pointer == "/k7");
    CHECK(problem(many + "\"k99\": 1}").pointer == "/k99");
    // The same key in different objects is no duplicate.
    CHECK(parse_json("{\"a\": {\"a\": 1}, \"b\": {\"a\": 2}}", "f").find("b")->find("a")->as_integer() == 2);
}

TEST_CASE("json: malformed text names the place") {
    CHECK_THAT(problem("").message, Contains("line 1, column 1"));
    CHECK_THAT(problem("{\n  \"a\": tru\n}").message, Contains("line 2"));
    const Diagnostic comma = problem("{\n  \"a\": {\"b\": 1,}\n}");
    CHECK_THAT(comma.message, Contains("line 2, column 16"));
    CHECK_THAT(problem("[1 2]").message, Contains("column 4"));
    CHECK_THAT(problem("[1] x").message, Contains("column 5"));
    CHECK_THAT(problem("{\"a\": \"unfinished").message, Contains("line 1"));
    CHECK_THAT(problem("{'a': 1}").message, Contains("column 2"));
    problem("\"\xFF\"");  // not UTF-8
    problem("[01]");      // leading zero
    problem("[+1]");
    problem("[.5]");
    problem("/* open");
}

TEST_CASE("json: depth is limited to 128 containers") {
    CHECK_NOTHROW(parse_json(repeated("[", 128) + repeated("]", 128), "f"));
    CHECK_THAT(problem(repeated("[", 129) + repeated("]", 129)).message, Contains("column 129") && Contains("128"));
    problem(repeated("{\"a\":", 100000));
}

TEST_CASE("json: a byte order mark is no part of the first column") {
    CHECK(parse_json("\xEF\xBB\xBF[1]", "f").column == 1);
}
