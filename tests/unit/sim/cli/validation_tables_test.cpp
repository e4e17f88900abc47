#include "sim/cli/validation_tables.hpp"

#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;
using namespace tessera::testing;

namespace {

ValidationReport three_cases() {
    ValidationReport r;
    r.cases = {validation_case("a", "gemm", "x", 100, 101), validation_case("b", "gemm", "y", 100, 130),
               validation_case("c", "rope", "", 100, 0)};
    r.cases[2].covered = false;
    r.cases[2].reason = "no such kernel";
    r.summary = summarize_cases(r.cases);
    return r;
}

}  // namespace

TEST_CASE("the worst table is sorted by error and leaves out what is not covered") {
    const report::Table t = worst_table(three_cases(), 10);
    REQUIRE(t.rows.size() == 2);
    CHECK(t.rows[0][0].text == "b");
    CHECK(t.rows[0][4].text == "+30.0 %");
    CHECK(worst_table(three_cases(), 1).rows.size() == 1);
}

TEST_CASE("slow-downs are told in points") {
    ValidationReport r = three_cases();
    r.cases[1].judged = Judged::by_difference;
    r.cases[1].measured = 1.2;
    r.cases[1].predicted = 1.25;
    CHECK(worst_table(r, 1).rows[0][4].text == "+5.0 % points");
}

TEST_CASE("cases are gathered by reason: deviations and what is not covered") {
    ValidationReport r = three_cases();
    CasesByReason out = outliers_by_reason(r, 0.15);
    REQUIRE(out.size() == 1);
    CHECK(out[0].first.empty());
    r.cases[1].known_reason = "cold";
    out = outliers_by_reason(r, 0.15);
    CHECK(out.at(0).first == "cold");
    CHECK(out.at(0).second.at(0)->id == "b");
    const CasesByReason missing = uncovered_by_reason(r);
    REQUIRE(missing.size() == 1);
    CHECK(reason_line(missing[0].first, missing[0].second) == "1 x no such kernel (c)");
}

TEST_CASE("a family with several variants is told variant by variant, single cases are not repeated") {
    ValidationReport r = three_cases();
    r.cases.push_back(validation_case("d", "gemm", "x", 100, 99));
    r.summary = summarize_cases(r.cases);
    const report::Table t = family_table(r);
    REQUIRE(t.rows.size() == 3);  // gemm; gemm, x; rope
    CHECK(t.rows[1][0].text == "gemm, x");
    CHECK(t.rows[2][3].text.empty());  // nothing covered
}
