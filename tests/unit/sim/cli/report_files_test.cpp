#include "sim/cli/report_files.hpp"
#include "sim/base/error.hpp"
#include "tests/support/sample_comparison.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

TEST_CASE("a comparison's files stay away until the folder is committed") {
    const testing::TemporaryFolder folder;
    const std::string path = folder.path() + "/out";
    const Comparison c = sample::comparison();
    {
        OutputFolder dropped(path);
        write_comparison(dropped, {c, {}, {}, "tessera compare"});
    }
    CHECK_FALSE(std::filesystem::exists(path));
    OutputFolder kept(path);
    write_comparison(kept, {c, {}, {}, "tessera compare"});
    kept.commit();
    for (const char* name : {"result.json", "report.html", "report.md", "variants.csv", "classes.csv",
                             "timelines/baseline.json", "timelines/all.json", "timelines/warp-cast.json"}) {
        INFO(name);
        CHECK(std::filesystem::file_size(path + "/" + name) > 100);
    }
}

TEST_CASE("a proposal that nobody knows is refused before anything is written") {
    const testing::TemporaryFolder folder;
    const Comparison c = sample::comparison();
    OutputFolder out(folder.path() + "/out");
    CHECK_THROWS_AS(write_comparison(out, {c, {{"warp-casd", {}}}, {}, ""}), ConfigError);
}
