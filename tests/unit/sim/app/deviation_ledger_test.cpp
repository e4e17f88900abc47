#include "sim/app/deviation_ledger.hpp"

#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

DeviationLedger ledger(const std::string& json) {
    const TemporaryFolder folder;
    return read_deviation_ledger(folder.write("deviations.json", json));
}

}  // namespace

TEST_CASE("an outlier gets the reason of the first entry that speaks of it") {
    const DeviationLedger known = ledger(R"({"beyond": 0.1, "deviations": [
        {"families": ["gemm"], "side": "above", "reason": "too slow"},
        {"families": ["gemm"], "reason": "something else"}]})");
    ValidationReport r;
    r.cases = {validation_case("a", "gemm", "", 100, 120), validation_case("b", "gemm", "", 100, 80),
               validation_case("c", "gemm", "", 100, 105), validation_case("d", "rope", "", 100, 150)};
    r.cases.push_back(validation_case("e", "step", "", 100, 150));
    r.cases.back().known_reason = "as its own file says";
    known.explain(r);
    CHECK(r.cases.back().known_reason == "as its own file says");
    CHECK(r.cases[0].known_reason == "too slow");
    CHECK(r.cases[1].known_reason == "something else");
    CHECK(r.cases[2].known_reason.empty());  // no outlier
    CHECK(r.cases[3].known_reason.empty());  // nobody knows
    CHECK(known.outlier(r.cases[3]));
}

TEST_CASE("what is not covered, or counted bit for bit, is no outlier") {
    const DeviationLedger known = ledger(R"({"deviations": []})");
    CHECK(known.beyond == 0.15);
    ValidationCase c = validation_case("a", "wgmma", "", 100, 50);
    CHECK(known.outlier(c));
    c.judged = Judged::bit_for_bit;
    CHECK_FALSE(known.outlier(c));
    c.judged = Judged::by_ratio;
    c.covered = false;
    CHECK_FALSE(known.outlier(c));
}

TEST_CASE("an entry without a reason is refused") {
    CHECK_THROWS_WITH(ledger(R"({"deviations": [{"reason": ""}]})"), Catch::Contains("/deviations/0/reason"));
    CHECK_THROWS_AS(ledger(R"({"deviations": [{"families": ["gemm"]}]})"), ConfigError);
    CHECK_NOTHROW(deviation_ledger());
}
