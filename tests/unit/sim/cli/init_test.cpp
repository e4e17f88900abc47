#include "sim/cli/program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome call(const std::vector<std::string>& words) {
    std::ostringstream out, err;
    const int code = cli::run_program(words, out, err);
    return {code, out.str(), err.str()};
}

std::string text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("init writes a study, keeps files that are there, and replaces them when told to") {
    const testing::TemporaryFolder folder;
    const std::string study = folder.path() + "/study";
    const Outcome first = call({"init", study, "--quiet"});
    CHECK(first.code == 0);
    CHECK(first.out.find("tessera compare " + study + "/experiment.json") != std::string::npos);
    for (const char* name :
         {"/experiment.json", "/system.json", "/schemas/run.schema.json", "/.vscode/settings.json"}) {
        CHECK(std::filesystem::file_size(study + name) > 100);
    }
    folder.write("study/system.json", "mine");
    const Outcome again = call({"init", study, "--quiet"});
    CHECK(again.code == 2);
    CHECK(again.err.find("system.json: is already there (--force replaces it)") != std::string::npos);
    CHECK(text(study + "/system.json") == "mine");
    CHECK(call({"init", study, "--force", "--quiet"}).code == 0);
    CHECK(text(study + "/system.json") != "mine");
}

TEST_CASE("names that do not ship, and a folder that is a file, are refused") {
    const testing::TemporaryFolder folder;
    const std::string file = folder.write("file", "x");
    CHECK(call({"init", file}).code == 2);
    const Outcome o = call({"init", folder.path(), "--system", "h80", "--run", "nothing"});
    CHECK(o.code == 2);
    CHECK(o.err.find("did you mean \"h800\"?") != std::string::npos);
    CHECK(o.err.find("--run is \"nothing\"") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() + "/experiment.json"));
}
