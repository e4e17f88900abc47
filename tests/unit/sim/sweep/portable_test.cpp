#include "sim/base/error.hpp"
#include "sim/sweep/point.hpp"
#include "sim/sweep/sampling.hpp"
#include "sim/sweep/sweep_config.hpp"
#include "tests/support/small_sweep.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

TEST_CASE("a portable sweep has the same points without any other file") {
    const TemporaryFolder folder, elsewhere;
    for (const std::string& members :
         {std::string(two_axes) + R"(, "filter": {"keep": 0.5})",
          std::string(two_axes) + R"(, "sample": {"method": "latin_hypercube", "points": 5, "seed": 9})",
          std::string(R"("points": [{"system.hbm.peak": "4 TB/s"}, {"proposals.warp-cast": true}])")}) {
        const SweepConfig here =
            load_sweep(small_sweep(folder, members), {"workload.tokens=256", "workload.sequence=256"});
        const PortableSweep files = portable(here);
        elsewhere.write("base.json", files.base_json);
        const SweepConfig there = load_sweep(elsewhere.write("sweep.json", files.sweep_json));
        const Sampler a(here), b(there);
        REQUIRE(a.size() == b.size());
        for (std::size_t p = 0; p < a.size(); ++p) {
            CHECK(key_of(configure(here, a.settings(p))) == key_of(configure(there, b.settings(p))));
        }
        CHECK(there.keep == here.keep);
        CHECK(there.objectives == here.objectives);
    }
}

TEST_CASE("an imported workload travels with its sweep") {
    const TemporaryFolder folder, elsewhere;
    const std::string workload = R"({"schema": "tessera.workload/1", "tasks": []})";
    folder.write("recorded.json", workload);
    folder.write("run.json", R"({"name": "mine", "system": "h800", "workload": {"file": "recorded.json"}})");
    const SweepConfig here = load_sweep(folder.write(
        "sweep.json", R"({"base": "run.json", "axes": [{"path": "system.hbm.peak", "values": ["4 TB/s"]}]})"));
    const PortableSweep files = portable(here);
    CHECK(files.workload == workload);
    elsewhere.write("base.json", files.base_json);
    elsewhere.write("workload.json", files.workload);
    const SweepConfig there = load_sweep(elsewhere.write("sweep.json", files.sweep_json));
    const RunConfig config = configure(there, {});
    CHECK(config.workload.file.rfind(elsewhere.path(), 0) == 0);
    CHECK(key_of(config) == key_of(configure(here, {})));
}
