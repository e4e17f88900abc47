#include "models/proposals/area.hpp"

#include "models/proposals/selection.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

AreaParts area(const std::string& slug, const std::map<std::string, std::string>& parameters = {}) {
    const auto active = select_proposals({{slug, parameters}}, "test");
    return area_of(configured(load_system(find_config("systems", "h800")), active), active);
}

bool ordered(const Estimate& e) { return e.low > 0 && e.low <= e.nominal && e.nominal <= e.high; }

}  // namespace

TEST_CASE("building blocks follow from cells and densities") {
    // One MiB: 8 x 2^20 cells of 0.021 um2 that fill half of the array.
    CHECK(sram(1 << 20).nominal == Approx(8 * 1048576 * 0.021e-6 / 0.5));
    CHECK(logic(30e6).nominal == Approx(1));
    CHECK(logic(8e6, Die::memory_base).nominal == Approx(1));
    CHECK_THROWS_AS(logic(1, Die::dram), InternalError);
    CHECK(ordered(sram(1)));
    CHECK(ordered(logic(1)));
}

TEST_CASE("every proposal states its silicon, with a range and a source, small beside the die") {
    for (const Proposal* p : proposal_registry()) {
        INFO(p->slug());
        const AreaParts parts = area(std::string(p->slug()));
        REQUIRE_FALSE(parts.empty());
        double on_gpu = 0;
        for (const AreaPart& part : parts) {
            INFO(part.what);
            CHECK(ordered(part.mm2));
            CHECK_FALSE(part.what.empty());
            CHECK_FALSE(part.source.empty());
            CHECK_FALSE(to_string(part.die).empty());
            on_gpu += part.die == Die::gpu ? part.mm2.high : 0;
        }
        CHECK(on_gpu < 81.4);  // a tenth of GH100
        CHECK(ordered(cost_usd(parts)));
        CHECK(total_area(parts).nominal > 0);
    }
}

TEST_CASE("more hardware is more silicon") {
    const auto mm2 = [](const std::string& slug, const char* name, const char* value) {
        return total_area(area(slug, {{name, value}})).nominal;
    };
    CHECK(mm2("warp-cast", "elements_per_clk", "256") == Approx(2 * mm2("warp-cast", "elements_per_clk", "128")));
    CHECK(mm2("comm-coprocessor", "engines", "16") == Approx(2 * mm2("comm-coprocessor", "engines", "8")));
    CHECK(mm2("fused-cast-tma", "throughput", "\"256 B/clk\"") > mm2("fused-cast-tma", "throughput", "\"128 B/clk\""));
    CHECK(mm2("near-memory-quant", "core_rate", "4") > mm2("near-memory-quant", "core_rate", "2"));
    CHECK(mm2("wide-accumulate", "fraction_bits", "34") > mm2("wide-accumulate", "fraction_bits", "25"));
    CHECK(mm2("group-scaled-mma", "scale_bits", "32") > mm2("group-scaled-mma", "scale_bits", "8"));
}

TEST_CASE("what a parameter may turn out to be holds its value and stays in its range") {
    for (const Proposal* p : proposal_registry()) {
        int assumed = 0;
        for (const ProposalParameter& q : p->parameters()) {
            INFO(p->slug() << " " << q.name);
            if (q.provenance.find("assumed") != std::string::npos) { CHECK(q.assumed()); }
            if (!q.assumed()) { continue; }
            ++assumed;
            CHECK(q.minimum <= q.low);
            CHECK(q.low <= q.value);
            CHECK(q.value <= q.high);
            CHECK(q.high <= q.maximum);
            CHECK(q.low < q.high);
        }
        CHECK(assumed > 0);
    }
}
