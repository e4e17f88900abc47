#include "sim/sweep/sweep_config.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/sweep/point.hpp"
#include "sim/sweep/sampling.hpp"
#include "tests/support/small_sweep.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

SweepConfig load(const std::string& members) {
    const TemporaryFolder folder;
    return load_sweep(small_sweep(folder, members));
}

// Every problem of a sweep with these members, one per line.
std::string problems(const std::string& members) {
    try {
        load(members);
    } catch (const ConfigError& e) { return e.what(); }
    return "accepted";
}

std::string axis(const std::string& members) { return R"("axes": [{)" + members + "}]"; }

}  // namespace

TEST_CASE("axes, samples, limits and objectives are read") {
    const SweepConfig c =
        load(R"("axes": [{"path": "system.hbm.peak", "from": "3 TB/s", "to": "6 TB/s", "scale": "log"},
        {"path": "system.l2.capacity", "from": "40 MiB", "to": "60 MiB"}, {"path": "workload.tokens", "from": 128, "to": 512,
        "step": 128}], "sample": {"method": "latin_hypercube", "points": 10, "seed": 3}, "filter": {"keep": 0.5},
        "limits": {"time": "2 s", "memory": "1 GiB"}, "objectives": ["energy_j"])");
    REQUIRE(c.axes.size() == 3);
    CHECK(c.axes[0].logarithmic);
    CHECK(c.axes[0].unit == "TB/s");
    CHECK(c.axes[1].step == 1);  // whole MiB
    CHECK(c.method == Method::latin_hypercube);
    CHECK(c.sampled == 10);
    CHECK(c.seed == 3);
    CHECK(c.keep == 0.5);
    CHECK(c.seconds == 2);
    CHECK(c.memory == std::int64_t{1} << 30);
    CHECK(c.objectives == std::vector<std::string>{"energy_j"});
    const SweepConfig list = load(R"("points": [{"system.hbm.peak": "4 TB/s"}, {"proposals.warp-cast": true}])");
    CHECK(list.method == Method::list);
    CHECK(list.list.size() == 2);
}

TEST_CASE("every shipped sweep loads, and its filter and samples fit") {
    const std::vector<std::string> names = shipped_configs("sweeps");
    CHECK(names.size() >= 3);
    for (const std::string& name : names) {
        INFO(name);
        const SweepConfig c = load_sweep(find_config("sweeps", name));
        CHECK(Sampler(c).size() > 1);
    }
    CHECK(Sampler(load_sweep(find_config("sweeps", "factorial"))).size() == 256);
    CHECK(Sampler(load_sweep(find_config("sweeps", "thousand_variants"))).size() == 1000);
}

TEST_CASE("what is wrong is named with its place") {
    using Catch::Contains;
    CHECK_THAT(problems(R"("axes": [])"), Contains("needs axes"));
    CHECK_THAT(problems(R"("axis": [])"), Contains("/axis") && Contains("did you mean \"axes\""));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peek", "values": ["4 TB/s"])")),
               Contains("/axes/0/values/0") && Contains("unknown key \"peek\"") && Contains("peak"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peak", "values": [4])")), Contains("unit"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peak", "values": [])")), Contains("empty"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peak", "from": "6 TB/s", "to": "3 TB/s", "count": 2)")),
               Contains("range is empty"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peak", "from": "6 TB/s", "to": "3 GB/s", "count": 2)")),
               Contains("same unit"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peak", "from": "3 TB/s", "to": "6 TB/s")")),
               Contains("how many values"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.peak", "from": "3 TB/s", "count": 2)")), Contains("\"to\""));
    CHECK_THAT(problems(axis(R"("path": "proposals.warp-cats", "values": [true])")), Contains("warp-cast"));
    CHECK_THAT(problems(axis(R"("path": "proposals.warp-cast", "values": ["yes"])")), Contains("true or false"));
    CHECK_THAT(problems(axis(R"("path": "proposals.warp-cast.elements_per_clk", "values": [1e9])")),
               Contains("out of range"));
    CHECK_THAT(problems(R"("points": [{"system.hbm.peek": 1}])"), Contains("/points/0") && Contains("peek"));
    CHECK_THAT(problems(R"("points": [])"), Contains("empty"));
    CHECK_THAT(problems(std::string(two_axes) + R"(, "sample": {"method": "sobol"})"), Contains("how many \"points\""));
    CHECK_THAT(problems(std::string(two_axes) + R"(, "objectives": ["tim_s"])"), Contains("time_s"));
    CHECK_THAT(problems(std::string(two_axes) + R"(, "filter": {"keep": 0})"), Contains("/filter/keep"));
    CHECK_THAT(problems(std::string(two_axes) + R"(, "limits": {"time": "5"})"), Contains("/limits/time"));
    CHECK_THAT(problems(axis(R"("path": "system.hbm.stacks", "from": 1, "to": 1000001, "count": 1000001)")),
               Contains("/axes/0"));
    const std::string two = problems(R"("axes": [{"path": "", "values": [1]}, {"path": "a", "vales": [1]}])");
    CHECK_THAT(two, Contains("/axes/0") && Contains("/axes/1"));
}

TEST_CASE("what only two settings together make wrong is left to the points that have both") {
    // 100 SMs are fine; so are 100 communication SMs; together nothing is left to compute with.
    CHECK(problems(R"("axes": [{"path": "system.power.idle", "values": ["100 W", "400 W"]},
                               {"path": "system.power.cap", "values": ["300 W", "700 W"]}])") == "accepted");
}

TEST_CASE("a base that nobody knows is named") {
    const TemporaryFolder folder;
    const std::string path =
        folder.write("s.json", R"({"base": "deepseek_v4", "axes": [{"path": "a", "values": [1]}]})");
    CHECK_THROWS_WITH(load_sweep(path), Catch::Contains("deepseek_v4"));
    CHECK_THROWS_AS(load_sweep(folder.path() + "/none.json"), ConfigError);
    CHECK_THROWS_AS(load_sweep(folder.write("l.json", "[1]")), ConfigError);
}
