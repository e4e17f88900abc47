#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("energy by component, what a watt and a square millimetre buy") {
    Comparison c = sample::comparison();
    c.baseline.energy_j = 2;
    c.baseline.energy.hbm = joules(0.5);
    c.baseline.idle_energy_j = 1.5;
    VariantOutcome& v = c.variants.front();
    v.speedup = 1.25;
    v.result.energy_j = 1.6;
    v.area_mm2 = {2, 5, 10};
    v.cost_usd = {0.5, 1.5, 4};
    const std::string md = to_markdown(Document{"", "", "", {energy_section(c)}});
    INFO(md);
    CHECK_THAT(md, Catch::Contains(
                       "| 1.250× | 1.250× | 5.0 (2.0 to 10.0) | +5.00 % (+2.50 % to +12.50 %) | 1.5 (0.5 to 4.0) |"));
    CHECK_THAT(md, Catch::Contains("| 2.00 | 0.00 | 0.00 | 0.00 | 0.00 | 0.50 | 0.00 | 0.00 | 1.50 |"));
}

TEST_CASE("a run without energy has no such section") {
    Comparison c = sample::comparison();
    c.baseline.energy_j = 0;
    CHECK(energy_section(c).blocks.empty());
}

TEST_CASE("what an older result does not hold is said, not shown as zero") {
    Comparison c = sample::comparison();
    c.baseline.energy_j = 2;
    c.baseline.energy_recorded = false;
    VariantOutcome& v = c.variants.front();
    v.result.energy_j = 1.6;
    v.result.energy_recorded = v.silicon_recorded = false;
    const std::string md = to_markdown(Document{"", "", "", {energy_section(c)}});
    INFO(md);
    CHECK_THAT(md, Catch::Contains("| 1.250× | not recorded | not recorded | not recorded |"));
    CHECK_THAT(md, Catch::Contains("| 2.00 | not recorded | not recorded |"));
}
