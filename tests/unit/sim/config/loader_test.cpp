#include "sim/config/loader.hpp"

#include "sim/base/field_writer.hpp"
#include "sim/base/json.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace tessera;
using tessera::testing::TemporaryFolder;

namespace {

std::string shipped_run() { return find_config("runs", "deepseek_v3_train_chunk"); }

std::vector<std::string> complaints(const std::vector<std::string>& sets) {
    std::vector<std::string> out;
    try {
        load_run_config(shipped_run(), sets);
    } catch (const ConfigError& e) {
        for (const Diagnostic& d : e.diagnostics()) { out.push_back(to_string(d)); }
    }
    return out;
}

}  // namespace

TEST_CASE("the default run is the training chunk on H800", "[config]") {
    const RunConfig c = default_run_config();
    CHECK(c.name == "deepseek-v3-train-chunk");
    CHECK(c.system.name == "h800");
    CHECK(c.system.sm.count == 132);
    CHECK(c.system.hbm.peak.raw() == 3.35e12);
    CHECK(c.system.nvlink.per_direction.raw() == 200e9);
    CHECK(c.workload.model.hidden == 7168);
    CHECK(c.workload.parallel.expert_ranks == 64);
    CHECK(c.workload.router.load == RouterLoad::given);
    CHECK(c.workload.router.forward_rows == std::vector<std::int64_t>{31104, 30976, 36864, 31104});
    CHECK(c.proposals.empty());
    CHECK(c.compare.proposals.size() == 8);
}

TEST_CASE("a run on another system keeps the workload", "[config]") {
    const RunConfig c = load_run_config(find_config("runs", "deepseek_v3_train_chunk_h200"));
    CHECK(c.system.name == "h200");
    CHECK(c.system.hbm.stacks == 6);
    CHECK(to_json(c.workload) == to_json(default_run_config().workload));
}

TEST_CASE("the spread of the other ranks is that of the recorded rows", "[config]") {
    const RouterConfig r = default_run_config().workload.router;
    std::vector<std::int64_t> rows = r.forward_rows;
    rows.insert(rows.end(), r.backward_rows.begin(), r.backward_rows.end());
    double sum = 0, squares = 0;
    for (const std::int64_t n : rows) { sum += static_cast<double>(n); }
    const double mean = sum / static_cast<double>(rows.size());
    for (const std::int64_t n : rows) { squares += std::pow(static_cast<double>(n) - mean, 2); }
    CHECK(r.spread == Approx(std::sqrt(squares / static_cast<double>(rows.size() - 1)) / mean).epsilon(0.01));
}

TEST_CASE("--set overrides files, in order, and swaps whole systems", "[config]") {
    CHECK(default_run_config({"system.hbm.stacks=6", "system.hbm.stacks=7"}).system.hbm.stacks == 7);
    const RunConfig c = default_run_config({"system=" + find_config("systems", "h200"), "system.hbm.peak=6 TB/s"});
    CHECK(c.system.name == "h200");
    CHECK(c.system.hbm.peak.raw() == 6e12);
    const RunConfig p = default_run_config(
        {"proposals.warp-cast.elements_per_clk=64", "simulation.clock=fixed", "simulation.fixed_clock=1755 MHz"});
    CHECK(p.proposals == std::vector<ProposalChoice>{{"warp-cast", {{"elements_per_clk", "64"}}}});
    CHECK(p.simulation.clock == ClockMode::fixed);
}

TEST_CASE("bad settings of a run are listed together, with what was meant", "[config]") {
    CHECK(complaints({"system.hbm.stackz=5", "system.hbm.peak=3.35", "sytem.hbm.stacks=5"}) ==
          std::vector<std::string>{
              "--set system.hbm.stackz: /system/hbm/stackz: unknown key \"stackz\" (did you mean \"stacks\"?)",
              "--set system.hbm.peak: /system/hbm/peak: 3.35 has no unit (a bandwidth is a text with its unit, like "
              "\"3.35 GB/s\"; accepted units: B/s, kB/s, KiB/s, MB/s, MiB/s, GB/s, GiB/s, TB/s, TiB/s, Gbit/s, "
              "Tbit/s)",
              "--set sytem.hbm.stacks: /sytem: unknown key \"sytem\" (did you mean \"system\"?)"});
}

TEST_CASE("the effective configuration loads back to itself", "[config]") {
    const RunConfig c = default_run_config({"system.hbm.peak=4 TB/s", "proposals.warp-cast.rate=64"});
    const TemporaryFolder folder;
    const RunConfig back = load_run_config(folder.write("effective.json", c.effective_json));
    CHECK(back.effective_json == c.effective_json);
    CHECK(config_hash(back.system) == config_hash(c.system));
}

TEST_CASE("every effective value has an origin", "[config]") {
    const RunConfig c = default_run_config({"system.hbm.peak=4 TB/s"});
    CHECK(c.provenance.at("/system/hbm/peak").origin == "--set");
    CHECK(c.provenance.at("/system/hbm/row").origin == "configs/systems/h100.json");
    CHECK(c.provenance.at("/system/hbm/row").source.find("JESD238") != std::string::npos);
    CHECK(c.provenance.at("/system/nvlink/per_direction").origin == "configs/systems/h800.json");
    CHECK(c.provenance.at("/workload/model/hidden").origin == "configs/models/deepseek_v3.json");
    CHECK(c.provenance.at("/system/coprocessor/present").origin == "default");
    const JsonValue all = parse_json(provenance_json(c), "provenance");
    CHECK(all.members().size() == flatten(parse_json(c.effective_json, "effective")).size());
    for (const auto& [pointer, entry] : all.members()) {
        INFO(pointer);
        CHECK(entry.find("value") != nullptr);
        CHECK(entry.find("origin") != nullptr);
    }
}

TEST_CASE("changes made later are recorded with who made them", "[config]") {
    RunConfig c = default_run_config();
    const std::string before = c.effective_json;
    record_changes(c, "proposal nothing");
    CHECK(c.effective_json == before);
    c.system.tma.cast = true;
    c.system.tma.cast_throughput = bytes_per_cycle(64);
    record_changes(c, "proposal fused-cast-tma", "arXiv 2412.19437 section 3.5.2");
    CHECK(c.provenance.at("/system/tma/cast").origin == "proposal fused-cast-tma");
    CHECK(c.provenance.at("/system/tma/cast").source == "arXiv 2412.19437 section 3.5.2");
    CHECK(c.provenance.at("/system/tma/cast_throughput").origin == "proposal fused-cast-tma");
    CHECK(c.provenance.at("/system/tma/bandwidth").origin == "configs/systems/h100.json");
    CHECK(c.effective_json.find("\"cast_throughput\": \"64 B/clk\"") != std::string::npos);
}

TEST_CASE("a workload and a model load by themselves", "[config]") {
    const TemporaryFolder folder;
    const RunConfig run = default_run_config();
    CHECK(to_json(load_workload(folder.write("w.json", to_json(run.workload)))) == to_json(run.workload));
    CHECK(load_model(find_config("models", "deepseek_v3")).routed_experts == 256);
}

TEST_CASE("a schema that does not exist is refused", "[config]") {
    CHECK_THROWS_WITH(json_schema("sytem"), "there is no schema \"sytem\" (did you mean \"system\"?)");
}
