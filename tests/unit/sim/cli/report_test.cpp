#include "sim/cli/program.hpp"
#include "sim/result/result_json.hpp"
#include "tests/support/sample_comparison.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;
using testing::TemporaryFolder;

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

bool holds(const std::string& whole, const std::string& part) { return whole.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("one result gives its report again, byte for byte the same each time") {
    const TemporaryFolder folder;
    const std::string file = folder.write("old/result.json", to_json(sample::comparison()) + "\n");
    const std::string a = folder.path() + "/a", b = folder.path() + "/b";
    const Outcome o = call({"report", file, "--out", a, "--quiet"});
    CHECK(o.code == 0);
    CHECK(holds(o.out, "toy layer on toy GPU"));
    CHECK(call({"report", file, "--out", b, "--quiet"}).code == 0);
    CHECK(text(a + "/result.json") == text(file));
    CHECK(holds(text(a + "/report.html"), "What would the hardware be worth? toy layer"));
    for (const char* name : {"/report.html", "/report.md", "/variants.csv"}) {
        CHECK(text(a + name) == text(b + name));
    }
}

TEST_CASE("a run and a comparison side by side, each with its own report beside") {
    const TemporaryFolder folder;
    const Comparison c = sample::comparison();
    const std::string whole = folder.write("old/result.json", to_json(c));
    const std::string run =
        folder.write("run.json", to_json(RunDocument{c.workload, c.system, c.baseline, c.provenance_json, "test"}));
    const std::string out = folder.path() + "/out";
    CHECK(call({"report", whole, run, "--label", "new", "--out", out, "--quiet"}).code == 0);
    const std::string page = text(out + "/report.html");
    CHECK(holds(page, "2 results side by side"));
    CHECK(holds(page, "href=\"new/report.html\""));
    CHECK(holds(text(out + "/new/report.html"), "toy layer"));
    CHECK(holds(text(out + "/run/report.html"), "Where does the time go?"));
    CHECK(holds(text(out + "/variants.csv"), "\nrun,baseline,"));
    CHECK(holds(text(out + "/report.md"), "# 2 results side by side"));
}

TEST_CASE("without results, folder or with a broken file: code 2 and nothing written") {
    const TemporaryFolder folder;
    const std::string broken = folder.write("broken.json", "{"), out = folder.path() + "/out";
    CHECK(call({"report", "--out", out}).code == 2);
    CHECK(call({"report", broken}).code == 2);
    CHECK(call({"report", broken, "--out", out}).code == 2);
    CHECK_FALSE(std::filesystem::exists(out));
}
