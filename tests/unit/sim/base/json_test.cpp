#include "sim/base/json.hpp"
#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tessera;

TEST_CASE("json value: members keep their order and set replaces") {
    JsonValue v = JsonValue::object();
    v.set("z", JsonValue::integer(1));
    v.set("a", JsonValue::number(2.5));
    v.set("z", JsonValue::string("new"));
    REQUIRE(v.members().size() == 2);
    CHECK(v.members()[0].first == "z");
    CHECK(v.find("z")->as_string() == "new");
    CHECK(v.find("a")->as_double() == 2.5);
    CHECK(v.line == 0);
}

TEST_CASE("json value: reading another kind is our bug, and so is a number that is none") {
    const JsonValue text = JsonValue::string("1");
    CHECK_THROWS_AS(text.as_integer(), InternalError);
    CHECK_THROWS_AS(text.as_double(), InternalError);
    CHECK_THROWS_AS(text.as_boolean(), InternalError);
    CHECK_THROWS_AS(text.items(), InternalError);
    CHECK_THROWS_AS(text.find("x"), InternalError);
    CHECK_THROWS_AS(JsonValue::number(1.5).as_integer(), InternalError);
    CHECK_THROWS_AS(JsonValue::integer(1).as_string(), InternalError);
    CHECK_THROWS_AS(JsonValue::number(std::numeric_limits<double>::quiet_NaN()), InternalError);
    CHECK_THROWS_AS(JsonValue::number(std::numeric_limits<double>::infinity()), InternalError);
    CHECK(JsonValue::integer(3).as_double() == 3.0);
}

TEST_CASE("json value: kinds have names for messages") {
    CHECK(to_string(JsonValue().kind()) == "null");
    CHECK(to_string(JsonValue::object().kind()) == "an object");
    CHECK(to_string(JsonValue::integer(0).kind()) == "an integer");
}
