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

}  // namespace

TEST_CASE("a run prints a summary and leaves two files") {
    const TemporaryFolder folder;
    const Outcome o = call(on_small({"run", "deepseek_v3_train_chunk", "--out", folder.path() + "/out", "--quiet"}));
    CHECK(o.code == 0);
    CHECK(o.err.empty());
    CHECK(holds(o.out, "critical path"));
    const JsonValue result = read_json_file(folder.path() + "/out/result.json");
    CHECK(result.find("schema")->as_string() == "tessera.run/1");
    CHECK(result.find("run")->find("time_s")->as_double() > 0);
    CHECK_FALSE(read_json_file(folder.path() + "/out/timeline.json").find("traceEvents")->items().empty());
}

TEST_CASE("the same run twice gives the same JSON; a proposal that is on changes it") {
    const std::vector<std::string> words = on_small({"run", "deepseek_v3_train_chunk", "--json", "--quiet"});
    const Outcome a = call(words);
    CHECK(a.out == call(words).out);
    std::vector<std::string> with = words;
    with.insert(with.end(), {"--set", R"(proposals=["warp-cast"])"});
    const Outcome b = call(with);
    CHECK(b.code == 0);
    CHECK(a.out != b.out);
}

TEST_CASE("wrong input leaves nothing behind") {
    const TemporaryFolder folder;
    const std::string file = folder.write("file", "x");
    CHECK(call({"run"}).code == 2);
    CHECK(call({"run", "nowhere.json"}).code == 2);
    CHECK(holds(call(on_small({"run", "deepseek_v3_train_chunk", "--out", file})).err, "is a file, not a folder"));
    const Outcome o = call({"run", "deepseek_v3_train_chunk", "--set", "workload.tokns=1", "--set", "system.hbm.peak=3",
                            "--out", folder.path() + "/out"});
    CHECK(o.code == 2);
    CHECK(holds(o.err, "tokens"));
    CHECK(std::count(o.err.begin(), o.err.end(), '\n') >= 2);
    CHECK_FALSE(std::filesystem::exists(folder.path() + "/out"));
}

TEST_CASE("a decode step tells its figures and what its assumptions are worth") {
    const std::vector<std::string> words = {
        "run", "deepseek_v3_decode", "--quiet", "--set", "workload.layers=2", "--set", "simulation.simulated_ranks=2"};
    const Outcome plain = call(words);
    CHECK(plain.code == 0);
    CHECK(holds(plain.out, "tokens per s per node"));
    CHECK(holds(plain.out, "workload.inference.acceptance = 0.85: assumed"));
    std::vector<std::string> with = words;
    with.insert(with.end(), {"--sensitivity", "--json"});
    const Outcome moved = call(with);
    CHECK(moved.code == 0);
    const JsonValue result = parse_json(moved.out, "stdout");
    CHECK(result.find("sensitivity")->find("assumptions")->items().size() >= 3);
    std::vector<std::string> full = words;
    full.insert(full.end(), {"--set", "workload.inference.kv_length=100000"});
    CHECK(call(full).code == 3);
    CHECK(holds(call(full).err, "KV cache"));
}
