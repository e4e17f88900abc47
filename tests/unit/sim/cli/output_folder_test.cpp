#include "sim/cli/output_folder.hpp"
#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <iterator>

using namespace tessera;
using namespace tessera::testing;
using tessera::cli::OutputFolder;

namespace {

std::string in(const TemporaryFolder& folder, const std::string& name) { return folder.path() + "/" + name; }

std::string text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Hidden ones included.
std::size_t entries(const std::string& folder) {
    const std::filesystem::directory_iterator begin(folder), end;
    return static_cast<std::size_t>(std::distance(begin, end));
}

}  // namespace

TEST_CASE("files appear at commit, in folders that did not exist") {
    const TemporaryFolder t;
    OutputFolder out(in(t, "a/b"));
    CHECK_FALSE(std::filesystem::exists(in(t, "a")));  // nothing is made before the first file
    out.write("result.json", "{}");
    out.write("plots/x.svg", "<svg/>");
    CHECK_FALSE(std::filesystem::exists(in(t, "a/b/result.json")));
    out.commit();
    CHECK(text(in(t, "a/b/result.json")) == "{}");
    CHECK(text(in(t, "a/b/plots/x.svg")) == "<svg/>");
    CHECK(entries(in(t, "a/b")) == 2);
}

TEST_CASE("without a commit nothing stays") {
    const TemporaryFolder t;
    t.write("old", "kept");
    {
        OutputFolder out(in(t, "new"));
        out.write("result.json", "{}");
        OutputFolder other(t.path());
        other.write("old", "lost");
    }
    CHECK(entries(t.path()) == 1);
    CHECK(text(in(t, "old")) == "kept");
}

TEST_CASE("an existing file is replaced whole") {
    const TemporaryFolder t;
    t.write("result.json", "a much longer text than the new one");
    OutputFolder out(t.path());
    out.write("result.json", "new");
    out.commit();
    CHECK(text(in(t, "result.json")) == "new");
}

TEST_CASE("what cannot be a folder is refused before any work") {
    const TemporaryFolder t;
    t.write("file", "x");
    CHECK_THROWS_WITH(OutputFolder(in(t, "file")), Catch::Contains("is a file, not a folder"));
    CHECK_THROWS_WITH(OutputFolder(in(t, "file/below/it")), Catch::Contains("which is a file"));
    CHECK_THROWS_AS(OutputFolder("/proc/tessera"), ConfigError);
    CHECK_THROWS_AS(OutputFolder(std::string("/dev/null")), ConfigError);
    CHECK(entries(t.path()) == 1);
}
