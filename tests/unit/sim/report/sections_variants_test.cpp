#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("every variant has a row in each table, the baseline first") {
    const Comparison c = sample::comparison();
    for (const Section& s : {variants_section(c), traffic_section(c), utilization_section(c)}) {
        INFO(s.title);
        bool found = false;
        for (const Block& b : s.blocks) {
            const Table* t = std::get_if<Table>(&b.content);
            if (t == nullptr) { continue; }
            found = true;
            REQUIRE(t->rows.size() == 1 + c.variants.size());
            CHECK(t->rows[0][0].text == "baseline");
            CHECK(t->rows[1][0].text == "group-scaled-mma");  // best alone first
            for (const auto& row : t->rows) { CHECK(row.size() == t->columns.size()); }
        }
        CHECK(found);
    }
}

TEST_CASE("cells carry their tone") {
    CHECK(saving_cell(milliseconds(1)).tone == Tone::good);
    CHECK(saving_cell(Time::zero() - milliseconds(1)).tone == Tone::bad);
    CHECK(saving_cell(nanoseconds(1)).tone == Tone::quiet);
    CHECK(share_cell(0.5).meter == 0.5);
    CHECK(gigabytes_cell(bytes(1500000000)).text == "1.50");
}
