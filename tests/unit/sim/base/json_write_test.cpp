#include "sim/base/json.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;

TEST_CASE("json writer: canonical text") {
    JsonValue inner = JsonValue::object();
    inner.set("list", JsonValue::array());
    JsonValue list = JsonValue::array();
    list.push(JsonValue::integer(-3));
    list.push(JsonValue::number(0.1));
    list.push(JsonValue::number(2.0));
    list.push(JsonValue());
    inner.set("list", std::move(list));
    JsonValue nested = JsonValue::array();
    nested.push(JsonValue::object());
    nested.push(JsonValue::array());
    JsonValue v = JsonValue::object();
    v.set("b", JsonValue::boolean(true));
    v.set("a", std::move(inner));
    v.set("n", std::move(nested));

    CHECK(write_json(v) ==
          "{\n"
          "  \"b\": true,\n"
          "  \"a\": {\n"
          "    \"list\": [-3, 0.1, 2.0, null]\n"
          "  },\n"
          "  \"n\": [\n"
          "    {},\n"
          "    []\n"
          "  ]\n"
          "}");
    CHECK(write_json(v, 0) == "{\"b\":true,\"a\":{\"list\":[-3,0.1,2.0,null]},\"n\":[{},[]]}");
}

TEST_CASE("json writer: what is written reads back the same, bit for bit") {
    for (const double x : {0.1, -0.0, 1e22, 5e-324, 1.7976931348623157e308, 1.0 / 3.0, 123456789.0}) {
        const JsonValue back = parse_json(write_json(JsonValue::number(x)), "f");
        CHECK(back.kind() == JsonValue::Kind::number);
        CHECK(back.as_double() == x);
        CHECK(std::signbit(back.as_double()) == std::signbit(x));
    }
    CHECK(parse_json(write_json(JsonValue::integer(INT64_MIN)), "f").as_integer() == INT64_MIN);
    const std::string text = "quote \" slash \\ newline \n tab \t nul " + std::string(1, '\0') + " \xE2\x82\xAC";
    CHECK(parse_json(write_json(JsonValue::string(text)), "f").as_string() == text);
}

TEST_CASE("json writer: text that is no UTF-8 still yields valid JSON") {
    CHECK(parse_json(write_json(JsonValue::string("a\xFFz")), "f").as_string() == "a\xEF\xBF\xBDz");
}
