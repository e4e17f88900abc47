// Every file in configs/ loads; systems and models give a source for each value.
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <set>
#include <utility>
#include <vector>

using namespace tessera;

namespace {

// Leaf values of a file, "sources", "ranges", "extends" and what other files give left out: those in one section share
// a "sources" object.
void check_sources(const JsonValue& section, const std::string& pointer) {
    const JsonValue* sources = section.find("sources");
    std::set<std::string> named;
    if (sources != nullptr) {
        for (const auto& entry : sources->members()) {
            std::string name;
            for (const char c : entry.first + ",") {
                if (c == ',') {
                    named.insert(name);
                    name.clear();
                } else if (c != ' ') {
                    name += c;
                }
            }
        }
    }
    for (const auto& [key, value] : section.members()) {
        if (key == "sources" || key == "ranges" || key == "extends" || key == "name") { continue; }
        INFO(pointer << "/" << key);
        if (value.is_object()) {
            check_sources(value, pointer + "/" + key);
        } else {
            CHECK(named.count(key) == 1);
        }
    }
}

std::set<std::string> names_in(const std::string& list) {
    std::set<std::string> names;
    std::string name;
    for (const char c : list + ",") {
        if (c == ',') {
            names.insert(std::exchange(name, {}));
        } else if (c != ' ') {
            name += c;
        }
    }
    return names;
}

// Values that a section calls assumed without saying what they may as well be.
void find_assumed(const JsonValue& section, const std::string& pointer, std::vector<std::string>& bare, int& assumed) {
    std::set<std::string> ranged;
    if (const JsonValue* ranges = section.find("ranges")) {
        for (const auto& entry : ranges->members()) { ranged.merge(names_in(entry.first)); }
    }
    for (const auto& [key, value] : section.members()) {
        if (value.is_object() && key != "sources") { find_assumed(value, pointer + "/" + key, bare, assumed); }
        if (key != "sources") { continue; }
        for (const auto& [names, text] : value.members()) {
            if (text.as_string().find("assumed") == std::string::npos) { continue; }
            for (const std::string& name : names_in(names)) {
                ++assumed;
                if (ranged.count(name) == 0) { bare.push_back(pointer + "/" + name); }
            }
        }
    }
}

}  // namespace

TEST_CASE("every assumed value of every shipped configuration says what it may as well be", "[config]") {
    int assumed = 0;
    for (const std::string& kind : config_kinds()) {
        for (const std::string& name : shipped_configs(kind)) {
            std::vector<std::string> bare;
            find_assumed(read_json_file(find_config(kind, name)), "", bare, assumed);
            INFO(kind << "/" << name);
            CHECK(bare == std::vector<std::string>{});
        }
    }
    CHECK(assumed > 10);
    std::vector<std::string> bare;
    find_assumed(parse_json(R"({"a": {"x": 1, "y": 2, "z": 3, "ranges": {"x": [0, 2]},
                                      "sources": {"x, y": "assumed", "z": "datasheet"}}})",
                            "test"),
                 "", bare, assumed);
    CHECK(bare == std::vector<std::string>{"/a/y"});
}

TEST_CASE("shipped systems load and give a source for every value they set", "[config]") {
    REQUIRE(shipped_configs("systems") == std::vector<std::string>{"h100", "h200", "h800"});
    for (const std::string& name : shipped_configs("systems")) {
        std::map<std::string, Provenance> provenance;
        const SystemConfig system = load_system(find_config("systems", name), provenance);
        CHECK(system.name == name);
        check_sources(read_json_file(find_config("systems", name)), "");
        for (const auto& [pointer, from] : provenance) {
            if (pointer == "/name") { continue; }
            INFO(name << " " << pointer);
            CHECK(!from.source.empty());
        }
    }
}

TEST_CASE("shipped models load and give a source for every value", "[config]") {
    for (const std::string& name : shipped_configs("models")) {
        CHECK(!load_model(find_config("models", name)).name.empty());
    }
}

TEST_CASE("shipped runs load, and so does what they mean", "[config]") {
    for (const std::string& name : shipped_configs("runs")) {
        const RunConfig run = load_run_config(find_config("runs", name));
        CHECK(!run.name.empty());
        CHECK(!run.effective_json.empty());
    }
}

TEST_CASE("a name is given once in all kinds of shipped configurations, so that it can stand for its file") {
    std::map<std::string, int> count;
    for (const std::string& kind : config_kinds()) {
        for (const std::string& name : shipped_configs(kind)) { CHECK(++count[name] == 1); }
    }
    const testing::TemporaryFolder folder;
    const std::string file = folder.write("run.json", R"({"extends": "deepseek_v3_train_chunk", "system": "h200"})");
    CHECK(load_run_config(file).system.name == "h200");
}
