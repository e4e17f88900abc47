// Every file in configs/ loads; systems and models give a source for each value.
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace tessera;

namespace {

std::string file(const std::string& kind, const std::string& name) { return find_config(kind, name); }

}  // namespace

TEST_CASE("shipped systems load and give a source for every value they set", "[config]") {
    REQUIRE(shipped_configs("systems") == std::vector<std::string>{"h100", "h200", "h800"});
    for (const std::string& name : shipped_configs("systems")) {
        std::map<std::string, Provenance> provenance;
        const SystemConfig system = load_system(file("systems", name), provenance);
        CHECK(system.name == name);
        for (const auto& [pointer, from] : provenance) {
            if (pointer == "/name") { continue; }
            INFO(name << " " << pointer);
            CHECK(!from.source.empty());
        }
    }
}

TEST_CASE("shipped models load and give a source for every value", "[config]") {
    for (const std::string& name : shipped_configs("models")) { CHECK(!load_model(file("models", name)).name.empty()); }
}

TEST_CASE("shipped runs load, and so does what they mean", "[config]") {
    for (const std::string& name : shipped_configs("runs")) {
        const RunConfig run = load_run_config(file("runs", name));
        CHECK(!run.name.empty());
        CHECK(!run.effective_json.empty());
    }
}
