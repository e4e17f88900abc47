#include "sim/base/data_files.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

using namespace tessera;
namespace fs = std::filesystem;

TEST_CASE("data files: those of the source tree are found by a program of the build tree") {
    const std::string found = find_data("sim/base/data_files.hpp");
    REQUIRE_FALSE(found.empty());
    CHECK(fs::equivalent(found, fs::path(TESSERA_SOURCE_DIR) / "sim/base/data_files.hpp"));
    CHECK(find_data("no/such/file").empty());
}

TEST_CASE(
    "data files: the environment comes first, then what is beside the program, the source tree, what is installed") {
    ::setenv("TESSERA_DATA", "/elsewhere", 1);
    const auto named = data_roots();
    ::unsetenv("TESSERA_DATA");
    const auto usual = data_roots();
    REQUIRE(named.size() == usual.size() + 1);
    CHECK(named.front() == "/elsewhere");
    REQUIRE(usual.size() == 4);
    CHECK(fs::path(usual[0]).filename() == "tessera");  // <prefix>/share/tessera
    CHECK(fs::equivalent(usual[1], TESSERA_SOURCE_DIR));
    CHECK(usual[2] == "/usr/local/share/tessera");
    CHECK(usual[3] == "/usr/share/tessera");
}
