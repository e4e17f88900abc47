#include "sim/report/sections.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("each run says what its communication costs; without exchanges there is no section") {
    Comparison c = sample::comparison();
    CHECK(communication_section(c).blocks.empty());
    c.baseline.communication.sms = 20;
    c.baseline.communication.sm_share = 0.12;
    c.baseline.communication.moving = milliseconds(70);
    c.baseline.communication.moved.hbm = milliseconds(4);
    c.baseline.communication.compute.hbm = milliseconds(3);
    const Section s = communication_section(c);
    REQUIRE(s.blocks.size() == 2);
    for (const Block& b : s.blocks) {
        const Table& t = std::get<Table>(b.content);
        REQUIRE(t.rows.size() == 1 + c.variants.size());
        for (const auto& row : t.rows) { CHECK(row.size() == t.columns.size()); }
    }
    const auto& row = std::get<Table>(s.blocks[0].content).rows[0];
    CHECK(row[0].text == "baseline");
    CHECK(row[1].text == "20");
    CHECK(row[3].text == "70.00");
    CHECK(row[5].text == "3.00");
    CHECK(row[8].text == "4.00");
}
