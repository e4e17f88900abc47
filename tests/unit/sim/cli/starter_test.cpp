#include "sim/cli/starter.hpp"
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

TEST_CASE("the starter files of every shipped run and system load, and follow the schemas beside them") {
    for (const std::string& run : shipped_configs("runs")) {
        for (const std::string& system : shipped_configs("systems")) {
            INFO(run << " on " << system);
            const testing::TemporaryFolder folder;
            for (const auto& [name, text] : starter_files(run, system)) { folder.write(name, text); }
            const RunConfig c = load_run_config(folder.path() + "/experiment.json");
            CHECK(c.name == "my-experiment");
            CHECK(c.system.name == "my-system");
            CHECK(c.system.hbm.peak == gb_per_second(4800));
            for (const char* kind : {"experiment", "system"}) {
                const JsonValue file = read_json_file(folder.path() + "/" + kind + ".json");
                const JsonValue schema = read_json_file(folder.path() + "/" + file.find("$schema")->as_string());
                CHECK(testing::schema_problem(file, schema) == "");
            }
        }
    }
}

TEST_CASE("the editor's settings name schemas that are written") {
    const auto files = starter_files("deepseek_v3_train_chunk", "h800");
    const auto text = [&](const std::string& name) {
        for (const auto& [file, content] : files) {
            if (file == name) { return content; }
        }
        return std::string();
    };
    const JsonValue settings = parse_json(text(".vscode/settings.json"), "settings");
    for (const JsonValue& entry : settings.find("json.schemas")->items()) {
        CHECK_FALSE(text(entry.find("url")->as_string().substr(2)).empty());
    }
}
