#include "sim/config/loader.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace tessera;
using Catch::Matchers::Contains;

TEST_CASE("shipped files are found by name, others by path", "[config]") {
    const tessera::testing::TemporaryFolder folder;
    const std::string own = folder.write("own.json", "{}");
    CHECK(find_config("systems", own) == own);
    CHECK_THAT(find_config("systems", "h200"), Catch::Matchers::EndsWith("systems/h200.json"));
    CHECK_THROWS_WITH(find_config("systems", "h2000"), Contains("no such file, and no shipped systems of that name") &&
                                                           Contains("did you mean h200?") &&
                                                           Contains("shipped systems: h100, h200, h800"));
}

TEST_CASE("TESSERA_DATA names the folder that holds configs/", "[config]") {
    const tessera::testing::TemporaryFolder folder;
    folder.write("configs/systems/mine.json", "{}");
    setenv("TESSERA_DATA", folder.path().c_str(), 1);
    const std::vector<std::string> names = shipped_configs("systems");
    unsetenv("TESSERA_DATA");
    CHECK(names == std::vector<std::string>{"mine"});
}
