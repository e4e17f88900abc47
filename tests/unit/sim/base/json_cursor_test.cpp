#include "sim/base/json_cursor.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("values are read with their type checked") {
    const JsonValue v = parse_json(R"({"n": 3, "x": 0.5, "s": "t", "b": true, "l": [1, 2.5], "o": {"a/b": 1}})", "f");
    const JsonCursor c(v, "f");
    CHECK(c.count("n") == 3);
    CHECK(c.positive("x") == 0.5);
    CHECK(c.text("s") == "t");
    CHECK(c.at("b").boolean());
    CHECK(c.at("l").numbers() == std::vector<double>{1, 2.5});
    CHECK(c.at("o").members().front().second.pointer() == "/o/a~1b");
    CHECK(c.count_or("missing", 7) == 7);
    CHECK(c.text_or("s", "u") == "t");
    CHECK_FALSE(c.boolean_or("missing", false));
    CHECK_FALSE(c.has("missing"));
}

TEST_CASE("every complaint names file and pointer") {
    const JsonValue v = parse_json(R"({"l": [{"us": 0, "name": 3, "n": -1, "none": null}]})", "data.json");
    const JsonCursor c = JsonCursor(v, "data.json").at("l").items().front();
    const auto message = [](const auto& read) -> std::string {
        try {
            read();
        } catch (const ConfigError& e) { return to_string(e.diagnostics().front()); }
        return "";
    };
    CHECK(message([&] { return c.positive("us"); }) == "data.json: /l/0/us: expected a positive number");
    CHECK(message([&] { return c.text("name"); }) == "data.json: /l/0/name: expected a string");
    CHECK(message([&] { return c.count("n"); }) == "data.json: /l/0/n: expected a positive integer");
    CHECK(message([&] { return c.at("clock"); }) == "data.json: /l/0: member \"clock\" is missing");
    CHECK(message([&] { return c.items(); }) == "data.json: /l/0: expected an array");
    CHECK_FALSE(c.has("none"));
}
