#include "sim/cli/output_folder.hpp"
#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;
using tessera::cli::OutputFolder;

TEST_CASE("files appear at commit, in folders that did not exist") {
    const TemporaryFolder t;
    OutputFolder out(t / "a/b");
    CHECK_FALSE(std::filesystem::exists(t / "a"));  // nothing is made before the first file
    out.write("result.json", "{}");
    out.write("plots/x.svg", "<svg/>");
    CHECK_FALSE(std::filesystem::exists(t / "a/b/result.json"));
    out.commit();
    CHECK(read_text(t / "a/b/result.json") == "{}");
    CHECK(read_text(t / "a/b/plots/x.svg") == "<svg/>");
    CHECK(entries(t / "a/b") == 2);
}

TEST_CASE("without a commit nothing stays") {
    const TemporaryFolder t;
    write_text(t / "old", "kept");
    {
        OutputFolder out(t / "new");
        out.write("result.json", "{}");
        OutputFolder other(t.path());
        other.write("old", "lost");
    }
    CHECK(entries(t.path()) == 1);
    CHECK(read_text(t / "old") == "kept");
}

TEST_CASE("an existing file is replaced whole") {
    const TemporaryFolder t;
    write_text(t / "result.json", "a much longer text than the new one");
    OutputFolder out(t.path());
    out.write("result.json", "new");
    out.commit();
    CHECK(read_text(t / "result.json") == "new");
}

TEST_CASE("what cannot be a folder is refused before any work") {
    const TemporaryFolder t;
    write_text(t / "file", "x");
    CHECK_THROWS_WITH(OutputFolder(t / "file"), Catch::Contains("is a file, not a folder"));
    CHECK_THROWS_WITH(OutputFolder(t / "file/below/it"), Catch::Contains("which is a file"));
    CHECK_THROWS_AS(OutputFolder("/proc/tessera"), ConfigError);
    CHECK_THROWS_AS(OutputFolder(std::string("/dev/null")), ConfigError);
    CHECK(entries(t.path()) == 1);
}
