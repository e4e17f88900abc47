#include "models/proposals/proposal.hpp"
#include "sim/base/json.hpp"
#include "sim/cli/program.hpp"
#include "sim/result/result_json.hpp"
#include "tests/support/sample_comparison.hpp"
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

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every proposal answers its four questions, in text and in JSON") {
    for (const Proposal* p : proposal_registry()) {
        const std::string slug(p->slug());
        const Outcome text = call({"explain", slug});
        CHECK(text.code == 0);
        for (const char* part : {"What it removes", "What it adds", "What limits it", "What could make it worthless"}) {
            CHECK(holds(text.out, part));
        }
        const JsonValue json = parse_json(call({"explain", slug, "--json"}).out, "stdout");
        CHECK(json.find("slug")->as_string() == slug);
        CHECK(json.find("parameters")->items().size() == p->parameters().size());
    }
}

TEST_CASE("a shipped configuration explains itself, each value with its source") {
    CHECK(holds(call({"explain", "h800"}).out, "hbm\n  capacity = "));
    CHECK(holds(call({"explain", "h800", "--json"}).out, "\"sources\""));
    CHECK(holds(call({"explain", "deepseek_v3"}).out, "\"name\""));
    CHECK(holds(call({"explain", "deepseek_v3_train_chunk"}).out, "workload\n"));
}

TEST_CASE("a family of measurements, a result and a configuration of the user's explain themselves") {
    const testing::TemporaryFolder folder;
    CHECK(holds(call({"explain", "grouped_gemm"}).out, "meant to stay below"));
    const std::string result = folder.write("result.json", to_json(sample::comparison()));
    CHECK(holds(call({"explain", result}).out, "toy layer on toy GPU"));
    const std::string mine =
        folder.write("mine.json", R"({"extends": "h800", "name": "mine", "hbm": {"peak": "4 TB/s"}})");
    CHECK(holds(call({"explain", mine}).out, "peak = 4 TB/s"));
    CHECK(call({"explain", folder.write("other.json", "{}")}).code == 2);
}

TEST_CASE("an unknown or missing name is the user's error") {
    const Outcome o = call({"explain", "warp-casd"});
    CHECK(o.code == 2);
    CHECK(holds(o.err, "did you mean \"warp-cast\"?"));
    CHECK(call({"explain"}).code == 2);
}
