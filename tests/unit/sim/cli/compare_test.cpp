#include "sim/base/json.hpp"
#include "sim/cli/program.hpp"
#include "tests/support/small_experiment.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;
using testing::on_small;
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

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

const std::string two_proposals = R"(compare.proposals=["warp-cast", "transposed-gemm"])";

}  // namespace

TEST_CASE("a comparison leaves the report and its data, the same whatever -j is") {
    const TemporaryFolder folder;
    const std::string one = folder.path() + "/one", two = folder.path() + "/two";
    const Outcome a = call(on_small({"compare", "--out", one, "--quiet", "-j", "1", "--set", two_proposals}));
    const Outcome b = call(on_small({"compare", "--out", two, "--quiet", "-j", "2", "--set", two_proposals}));
    REQUIRE(a.code == 0);
    REQUIRE(b.code == 0);
    CHECK(a.out == b.out);
    for (const char* name :
         {"result.json", "report.html", "report.md", "variants.csv", "classes.csv", "timelines/all.json"}) {
        INFO(name);
        CHECK_FALSE(text(one + "/" + name).empty());
        CHECK(text(one + "/" + name) == text(two + "/" + name));
    }
    const JsonValue result = read_json_file(one + "/result.json");
    CHECK(result.find("schema")->as_string() == "tessera.compare/1");
    CHECK(holds(text(one + "/report.md"), " --set workload.layers=1 "));
    CHECK(holds(text(one + "/report.html"), "Not run."));  // not the experiment that was measured
}

TEST_CASE("--json puts result.json on stdout and nothing else") {
    const Outcome o = call(on_small({"compare", "--json", "--quiet", "--set", two_proposals}));
    CHECK(parse_json(o.out, "stdout").find("variants")->items().size() == 3);
}

TEST_CASE("a folder that cannot be written is refused before anything is simulated") {
    const TemporaryFolder folder;
    const std::string file = folder.write("file", "x");
    const Outcome o = call({"compare", "--out", file + "/below"});
    CHECK(o.code == 2);
    CHECK(std::count(o.err.begin(), o.err.end(), '\n') == 1);
    CHECK(call({"compare", "--out", "/proc/out"}).code == 2);
    CHECK(call({"compare", "--set", R"(compare.proposals=["warp-casd"])"}).code == 2);
    CHECK(call({"compare", "-j", "0"}).code == 2);
}
