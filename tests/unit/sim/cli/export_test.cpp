#include "sim/cli/program.hpp"
#include "tests/support/small_trace.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>

using namespace tessera;

namespace {

int call(const std::vector<std::string>& words, std::string& out) {
    std::ostringstream o, e;
    const int code = cli::run_program(words, o, e);
    out = o.str() + e.str();
    return code;
}

}  // namespace

TEST_CASE("an imported workload goes out as execution traces and comes back") {
    const testing::TemporaryFolder folder;
    const std::string trace = folder.write("trace.json", testing::small_trace());
    const std::string w = folder.write("w.json", ""), out = w + ".et";
    std::string text;
    REQUIRE(call({"import", "kineto", trace, "-o", w, "--rules", folder.write("r.json", testing::small_rules())},
                 text) == 0);
    REQUIRE(call({"export", "chakra", w, "--out", out, "--ranks", "2"}, text) == 0);
    CHECK(text.find("4 nodes for each of 2 ranks") != std::string::npos);
    CHECK(std::filesystem::exists(out + "/trace.1.et"));
    CHECK(call({"import", "chakra", out, "-o", w + ".2", "--rank", "1"}, text) == 0);
    CHECK(text.find("355.0 us") != std::string::npos);
    CHECK(call({"export"}, text) == 2);
    CHECK(call({"export", "chakra", w}, text) == 2);
    CHECK(call({"export", "nsys", w, "--out", out}, text) == 2);
    CHECK(call({"import", "chakra", out, "-o", w + ".3", "--rules", "x"}, text) == 2);
}
