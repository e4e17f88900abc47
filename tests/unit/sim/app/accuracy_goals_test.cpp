#include "sim/app/accuracy_goals.hpp"

#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

std::vector<AccuracyGoal> goals(const std::string& json) {
    const TemporaryFolder folder;
    return read_accuracy_goals(folder.write("goals.json", json));
}

ValidationReport report_of(std::vector<ValidationCase> cases) {
    ValidationReport r;
    r.cases = std::move(cases);
    return r;
}

}  // namespace

TEST_CASE("a goal sums up its cases over sets and families") {
    const auto stated = goals(R"({"goals": [{"name": "GEMM", "families": ["gemm", "deepgemm *"],
                                  "median": 0.1, "p90": 0.2, "mean": 0.05}]})");
    ValidationReport r =
        report_of({validation_case("a", "gemm", "", 100, 110), validation_case("b", "deepgemm dense", "", 100, 92),
                   validation_case("c", "rope", "", 100, 300)});
    r.cases[1].set = "another";
    const auto checks = check_goals(stated, r);
    REQUIRE(checks.size() == 1);
    CHECK(checks[0].reached.cases == 2);
    CHECK(checks[0].reached.median_abs == Approx(0.09));
    CHECK(checks[0].reached.mean_signed == Approx(0.01));
    CHECK(checks[0].met());
}

TEST_CASE("a goal is missed by its median, its p90, its worst case, its bias, or a case without prediction") {
    const auto met = [](const std::string& limits, std::vector<ValidationCase> cases) {
        return check_goals(goals(R"({"goals": [{"name": "all", )" + limits + "}]}"), report_of(std::move(cases)))
            .at(0)
            .met();
    };
    const std::vector<ValidationCase> cases = {validation_case("a", "x", "", 100, 106),
                                               validation_case("b", "x", "", 100, 104)};
    CHECK(met(R"("median": 0.06, "p90": 0.07, "mean": 0.06)", cases));
    CHECK_FALSE(met(R"("median": 0.04)", cases));
    CHECK_FALSE(met(R"("p90": 0.05)", cases));
    CHECK_FALSE(met(R"("mean": 0.04)", cases));
    CHECK(met(R"("worst": 0.061)", cases));
    CHECK_FALSE(met(R"("median": 0.06, "worst": 0.059)", cases));
    auto uncovered = cases;
    uncovered[1].covered = false;
    CHECK_FALSE(met(R"("median": 0.07)", uncovered));
    CHECK(met(R"("median": 0.07, "full_coverage": false)", uncovered));
}

TEST_CASE("goals of the power model concern its predictions alone, goals without cases are left out") {
    const auto stated = goals(R"({"goals": [{"name": "told", "median": 0.1},
                                             {"name": "not told", "power_model": true, "median": 0.1},
                                             {"name": "nothing", "families": ["y"], "median": 0.1}]})");
    ValidationReport r = report_of({validation_case("a", "x", "", 100, 106)});
    REQUIRE(check_goals(stated, r).size() == 1);
    CHECK(check_goals(stated, r)[0].reached.family == "told");
    r.power_model = true;
    CHECK(check_goals(stated, r).at(0).reached.family == "not told");
}

TEST_CASE("the project states its goals") {
    CHECK(accuracy_goals().size() > 5);
    CHECK_THROWS_WITH(goals(R"({"goals": [{"name": "empty"}]})"), Catch::Contains("/goals/0"));
    CHECK_THROWS_AS(goals(R"({"goals": [{"name": "negative", "median": -1}]})"), ConfigError);
}
