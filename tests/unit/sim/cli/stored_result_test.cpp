#include "sim/cli/stored_result.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"
#include "tests/support/sample_comparison.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;
using testing::TemporaryFolder;

namespace {

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::vector<Diagnostic> problems(const std::vector<std::string>& files, const std::vector<std::string>& labels = {}) {
    try {
        read_results(files, labels);
    } catch (const ConfigError& e) { return e.diagnostics(); }
    return {};
}

// The sample as if it had been simulated with the shipped default and one value changed.
Comparison configured() {
    Comparison c = sample::comparison();
    c.provenance_json = provenance_json(
        default_run_config({"system.hbm.peak=\"4.8 TB/s\"",
                            "compare.proposals={\"warp-cast\": {}, \"comm-coprocessor\": {\"engines\": 2}}"}));
    return c;
}

}  // namespace

TEST_CASE("a comparison comes back with its configuration and the parameters of its proposals") {
    const TemporaryFolder folder;
    folder.write("h800/result.json", to_json(configured()));
    const std::vector<StoredResult> r = read_results({folder.path() + "/h800/result.json"}, {});
    REQUIRE(r.size() == 1);
    CHECK(r[0].label == "h800");
    CHECK(to_json(r[0].comparison) == to_json(configured()));
    REQUIRE(r[0].config);
    CHECK(r[0].config->system.hbm.peak == gb_per_second(4800));
    REQUIRE(r[0].proposals.size() == 2);  // those of its variants, in their order
    CHECK(r[0].proposals[0].slug == "warp-cast");
    CHECK(r[0].proposals[1].slug == "group-scaled-mma");
}

TEST_CASE("a single run is a comparison without variants") {
    const TemporaryFolder folder;
    const Comparison c = sample::comparison();
    folder.write("mine.json", to_json(RunDocument{c.workload, c.system, c.baseline, c.provenance_json, "test"}));
    const std::vector<StoredResult> r = read_results({folder.path() + "/mine.json"}, {});
    CHECK(r[0].label == "mine");
    CHECK(r[0].comparison.variants.empty());
    CHECK(r[0].comparison.baseline.time == c.baseline.time);
}

TEST_CASE("labels are given or made different") {
    const TemporaryFolder folder;
    const std::string file = folder.write("a b/result.json", to_json(sample::comparison()));
    const std::vector<StoredResult> r = read_results({file, file, file}, {"first"});
    CHECK(r[0].label == "first");
    CHECK(r[1].label == "a-b");
    CHECK(r[2].label == "a-b-2");
    CHECK(problems({file, file}, {"x", "x"}).size() == 1);
    CHECK(problems({file}, {"../x"}).size() == 1);
}

TEST_CASE("every file that is no result of this version is named, with what to do") {
    const TemporaryFolder folder;
    const std::string good = to_json(sample::comparison());
    const std::string newer = folder.write("newer.json", changed(good, "tessera.compare/1", "tessera.compare/2"));
    const std::string other = folder.write("other.json", changed(good, "tessera.compare/1", "tessera.validate/1"));
    const std::string plain = folder.write("plain.json", "[1]");
    const std::string less = folder.write("less.json", changed(good, "\"energy_j\"", "\"joules\""));
    const std::string cut = folder.write("cut.json", good.substr(0, good.size() / 2));
    const std::vector<Diagnostic> d = problems({newer, other, plain, less, cut, folder.path() + "/none.json"});
    REQUIRE(d.size() == 6);
    CHECK(d[0].file == newer);
    CHECK(d[0].pointer == "/schema");
    CHECK(d[0].hint.find("simulate it again") != std::string::npos);
    CHECK(d[1].hint.find("only results of") != std::string::npos);
    CHECK(d[2].pointer == "/schema");
    CHECK(d[3].message.find("energy_j") != std::string::npos);
    CHECK(d[3].hint.find("written by tessera test") != std::string::npos);
    CHECK(d[5].message == "no such file");
}

TEST_CASE("ids that are paths and times that are not positive are refused") {
    const TemporaryFolder folder;
    Comparison c = sample::comparison();
    c.variants[1].result.id = "../../outside";
    const std::string path = folder.write("path.json", to_json(c));
    c = sample::comparison();
    c.baseline.time = Time::zero();
    const std::string zero = folder.write("zero.json", to_json(c));
    const std::vector<Diagnostic> d = problems({path, zero});
    REQUIRE(d.size() == 2);
    CHECK(d[0].pointer == "/variants/1/id");
    CHECK(d[1].pointer == "/baseline/time_s");
}
