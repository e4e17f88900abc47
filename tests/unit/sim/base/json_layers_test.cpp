#include "sim/base/json_layers.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::TemporaryFolder;

TEST_CASE("an assignment becomes nested objects of one layer", "[base][layers]") {
    JsonLayers layers(nullptr);
    const auto text = [&](const std::string& assignment) {
        const auto out = layers.of_assignment(assignment);
        REQUIRE(out.size() == 1);
        CHECK(out[0].origin() == "--set");
        return write_json(*out[0].object, 0);
    };
    CHECK(text("a=1") == R"({"a":1})");
    CHECK(text("a.b.c=3.35 TB/s") == R"({"a":{"b":{"c":"3.35 TB/s"}}})");
    CHECK(text("a.b=[1,2]") == R"({"a":{"b":[1,2]}})");
    CHECK(text("a=b=c") == R"({"a":"b=c"})");
    CHECK(text("a=") == R"({"a":""})");
    CHECK(text("a..b=true") == R"({"a":{"":{"b":true}}})");
    CHECK(layers.problems.empty());
    CHECK(layers.of_assignment("a").empty());
    CHECK(layers.problems.size() == 1);
}

TEST_CASE("layers of a file begin with what it extends, paths relative to each file", "[base][layers]") {
    const TemporaryFolder folder;
    folder.write("deep/c.json", R"({"v": 1})");
    folder.write("deep/b.json", R"({"extends": "c.json", "v": 2})");
    const std::string top = folder.write("a.json", R"({"extends": "deep/b.json", "v": 3})");
    JsonLayers layers(nullptr);
    const auto out = layers.of_root(top);
    REQUIRE(out.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) { CHECK(out[i].object->find("v")->as_integer() == static_cast<int>(i) + 1); }
    CHECK(out[0].file == folder.path() + "/deep/c.json");
    CHECK(out[0].directory == folder.path() + "/deep");
    CHECK(layers.problems.empty());
    CHECK(!layers.unreadable);
}

TEST_CASE("a file may be reached twice, but not from itself", "[base][layers]") {
    const TemporaryFolder folder;
    folder.write("base.json", "{}");
    const std::string one = folder.write("one.json", R"({"extends": "base.json"})");
    const std::string self = folder.write("self.json", R"({"extends": "./self.json"})");
    JsonLayers layers(nullptr);
    CHECK(layers.of_root(one).size() == 2);
    CHECK(layers.of_root(one).size() == 2);
    CHECK(layers.problems.empty());
    layers.of_root(self);
    REQUIRE(layers.problems.size() == 1);
    CHECK(layers.problems[0].message ==
          "line 1, column 13: files extend each other in a circle: " + self + " -> " + self);
    CHECK(layers.unreadable);
}

TEST_CASE("a word stands for what the finder knows, unless a file has that name", "[base][layers]") {
    const TemporaryFolder folder;
    static std::string known;
    known = folder.write("shipped/base.json", R"({"v": 1})");
    const JsonLayers::FileFinder find = [](const std::string& word) { return word == "base" ? known : std::string(); };
    const std::string top = folder.write("a.json", R"({"extends": "base", "v": 2})");
    JsonLayers layers(nullptr, find);
    const auto found = layers.of_root(top);
    REQUIRE(found.size() == 2);
    CHECK(found[0].file == known);
    folder.write("base", R"({"v": 3})");
    CHECK(layers.of_root(top)[0].object->find("v")->as_integer() == 3);
    CHECK(layers.problems.empty());
    CHECK(layers.of_root(folder.write("b.json", R"({"extends": "other"})")).size() == 1);
    CHECK(layers.problems.size() == 1);
    CHECK(layers.problems[0].hint == "paths are relative to the file that names them");
    layers.of_root(folder.write("c.json", R"({"extends": "elsewhere/base.json"})"));
    REQUIRE(layers.problems.size() == 2);
    CHECK(layers.problems[1].hint ==
          "did you mean \"base\", which ships with the program? paths are relative to the file that names them");
}
