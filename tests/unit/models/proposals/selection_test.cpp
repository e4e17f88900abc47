#include "models/proposals/selection.hpp"

#include <catch2/catch.hpp>

#include "sim/base/error.hpp"
#include "tests/support/systems.hpp"

using namespace tessera;

namespace {
std::vector<Diagnostic> problems(const std::vector<ProposalChoice>& choices) {
    try {
        select_proposals(choices, "run.json");
    } catch (const ConfigError& e) { return e.diagnostics(); }
    return {};
}
}  // namespace

TEST_CASE("parameters default, and quantities take any unit of their dimension") {
    const auto active =
        select_proposals({{"comm-coprocessor", {{"start_latency", "\"2 us\""}, {"engines", "4"}}}}, "f");
    REQUIRE(active.size() == 1);
    CHECK(active[0].values.at("start_latency") == Approx(2000));
    CHECK(active[0].values.at("engines") == 4);
    CHECK(active[0].values.at("copy_throughput") == Approx(100));
    const SystemConfig s = configured(testing::h800(), active);
    CHECK(s.coprocessor.present);
    CHECK(to_nanoseconds(s.coprocessor.start_latency) == Approx(2000));
}

TEST_CASE("every problem is listed with file, pointer and hint") {
    const auto found = problems({{"fused-cast-tmo", {}},
                                 {"warp-cast", {{"elements", "3"}}},
                                 {"comm-coprocessor", {{"engines", "0"}, {"copy_throughput", "5"}}}});
    REQUIRE(found.size() == 4);
    CHECK(found[0].pointer == "/proposals/fused-cast-tmo");
    CHECK(found[0].hint.find("fused-cast-tma") != std::string::npos);
    CHECK(found[1].pointer == "/proposals/warp-cast/elements");
    CHECK(found[1].hint.find("elements_per_clk") != std::string::npos);
    for (const Diagnostic& d : found) { CHECK(d.file == "run.json"); }
}

TEST_CASE("wrong kinds and units are refused") {
    CHECK(problems({{"fused-cast-tma", {{"throughput", "\"3 furlongs\""}}}}).size() == 1);
    CHECK(problems({{"fused-cast-tma", {{"throughput", "\"3 GB/s\""}}}}).size() == 1);
    CHECK(problems({{"near-memory-quant", {{"serve_gemm", "1"}}}}).size() == 1);
    CHECK(problems({{"group-scaled-mma", {{"rate", "\"1\""}}}}).size() == 1);
    CHECK(problems({{"group-scaled-mma", {{"rate", "1.5"}}}}).size() == 1);
}

TEST_CASE("a proposal named twice is refused") { CHECK(problems({{"warp-cast", {}}, {"warp-cast", {}}}).size() == 1); }

TEST_CASE("the order of choice does not matter") {
    const auto a = select_proposals({{"unified-fabric", {}}, {"warp-cast", {}}}, "f");
    const auto b = select_proposals({{"warp-cast", {}}, {"unified-fabric", {}}}, "f");
    REQUIRE(a.size() == 2);
    CHECK(a[0].proposal == b[0].proposal);
    CHECK(a[1].proposal == b[1].proposal);
}

TEST_CASE("no proposal leaves the system as it is") {
    CHECK(config_hash(configured(testing::h800(), {})) == config_hash(testing::h800()));
}
