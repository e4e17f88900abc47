#include "sim/sweep/point.hpp"

#include "sim/base/error.hpp"
#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

SweepConfig small() {
    const TemporaryFolder folder;
    SweepConfig c = load_sweep(small_sweep(folder, two_axes));
    return c;
}

std::vector<std::string> slugs(const RunConfig& c) {
    std::vector<std::string> list;
    for (const ProposalChoice& p : c.proposals) { list.push_back(p.slug); }
    return list;
}

}  // namespace

TEST_CASE("settings reach the configuration and the proposals") {
    const SweepConfig s = small();
    const RunConfig c = configure(s, {{"system.hbm.peak", "\"5 TB/s\""}, {"proposals.warp-cast", "true"}});
    CHECK(c.system.hbm.peak == gb_per_second(5000));
    CHECK(c.workload.tokens == 512);
    CHECK(slugs(c) == std::vector<std::string>{"warp-cast"});
    // A parameter switches its proposal on, unless the point says that it is off, in whichever order.
    const Setting rate{"proposals.warp-cast.elements_per_clk", "64"};
    CHECK(configure(s, {rate}).proposals.at(0).parameters.at("elements_per_clk") == "64");
    CHECK(slugs(configure(s, {rate, {"proposals.warp-cast", "false"}})).empty());
    CHECK(slugs(configure(s, {{"proposals", "[\"warp-cast\", \"transposed-gemm\"]"},
                              {"proposals.warp-cast", "false"}})) == std::vector<std::string>{"transposed-gemm"});
    CHECK_THROWS_AS(configure(s, {{"proposals.warp-cast", "1"}}), ConfigError);
    CHECK_THROWS_WITH(configure(s, {{"system.hbm.peek", "1"}}), Catch::Contains("peek"));
}

TEST_CASE("the key is that of what is simulated") {
    const SweepConfig s = small();
    const RunConfig base = configure(s, {});
    const std::string key = key_of(base);
    CHECK(key.size() == 16);
    CHECK(key_of(configure(s, {})) == key);
    RunConfig named = base;
    named.name = "other";
    named.compare.each_alone = false;
    CHECK(key_of(named) == key);
    CHECK(key_of(configure(s, {{"system.hbm.peak", "\"5 TB/s\""}})) != key);
    CHECK(key_of(configure(s, {{"simulation.seed", "2"}})) != key);
    const std::string on = key_of(configure(s, {{"proposals.warp-cast", "true"}}));
    CHECK(on != key);
    CHECK(key_of(configure(s, {{"proposals.warp-cast.elements_per_clk", "128"}})) == on);  // the default
    CHECK(key_of(configure(s, {{"proposals.warp-cast.elements_per_clk", "64"}})) != on);
}

TEST_CASE("of an imported workload the content counts, not its place") {
    const TemporaryFolder folder;
    const SweepConfig s = small();
    const auto key_with = [&s](const std::string& path) {
        RunConfig c = configure(s, {});
        c.workload.file = path;
        return key_of(c);
    };
    const std::string path = folder.write("w.json", "{\"tasks\": 1}");
    const std::string key = key_with(path);
    CHECK(key != key_of(configure(s, {})));
    CHECK(key_with(folder.write("elsewhere.json", "{\"tasks\": 1}")) == key);
    CHECK(key_with(path) == key);
    folder.write("w.json", "{\"tasks\": 12}");
    CHECK(key_with(path) != key);
    CHECK_THROWS_WITH(key_with(folder.path() + "/none.json"), Catch::Contains("cannot be read"));
}

TEST_CASE("a simulated point has every objective, an estimate the time") {
    const SweepConfig s = small();
    TimerPool timers(test::rooflines());
    const RunConfig config = configure(s, {{"proposals.warp-cast", "true"}});
    const JsonValue v = simulate(config, timers);
    for (const std::string& name : objective_names()) {
        INFO(name);
        REQUIRE(v.find(name) != nullptr);
        CHECK(std::isfinite(figure(v, name)));
    }
    CHECK(v.find("proposals")->items().at(0).as_string() == "warp-cast");
    CHECK(v.find("breakdown")->members().size() > 5);
    const double bound = estimate(config).find("time_s")->as_double();
    CHECK(bound > 0);
    TimerPool device(simulated_devices());
    CHECK(bound <= simulate(config, device).find("time_s")->as_double());
}

TEST_CASE("the fingerprint is the program's") {
    CHECK(code_fingerprint() == code_fingerprint());
    CHECK(code_fingerprint().find('-') != std::string::npos);
}
