#include "sim/cli/validation_text.hpp"
#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;
using namespace tessera::testing;

TEST_CASE("the text states every tolerance, met or missed, and what is not covered") {
    const std::string t = validation_text(sample_report());
    CHECK(t.find("-10.0 %") != std::string::npos);
    CHECK(t.find("MISSED") != std::string::npos);
    CHECK(t.find("1 cases are not covered") != std::string::npos);
    CHECK(t.find("wall: the clock") != std::string::npos);  // a miss is told with its known reason
    CHECK(t.find("1 of 2 tolerances are missed") != std::string::npos);
}

TEST_CASE("without tolerances: variants below their family, the worst cases, reasons once with their number") {
    ValidationReport r = sample_report();
    r.tolerances.clear();
    r.cases = {validation_case("k1", "gemm", "a", 100, 110), validation_case("k2", "gemm", "a", 100, 150),
               validation_case("k3", "gemm", "b", 100, 99), validation_case("k4", "gemm", "b", 100, 0),
               validation_case("k5", "gemm", "b", 100, 0)};
    r.cases[1].limiter = "tensor_core";
    for (const std::size_t i : {3, 4}) {
        r.cases[i].covered = false;
        r.cases[i].reason = "no such tile";
    }
    r.summary = summarize_cases(r.cases);
    const std::string t = validation_text(r);
    CHECK(t.find("gemm, a") != std::string::npos);
    CHECK(t.find("tensor core") != std::string::npos);
    CHECK(t.find("+50.0 %") < t.find("+10.0 %"));  // the worst first
    CHECK(t.find("2 x no such tile (k4, ...)") != std::string::npos);
    CHECK(t.find("tolerance") == std::string::npos);
}

TEST_CASE("goals are told with what was reached and allowed, outliers with their reasons") {
    ValidationReport r = sample_report();
    CHECK(goals_text(r, 0.5).empty());
    GoalCheck goal;
    goal.reached = r.summary[0];
    goal.median = 0.03;
    goal.worst = 0.2;
    goal.mean = 0.015;
    r.goals = {goal};
    r.cases[0].known_reason = "a cold cache";
    const std::string t = goals_text(r, 0.05);
    CHECK(t.find("3 / - / 20 / 1.5 %") != std::string::npos);
    CHECK(t.find("MISSED") != std::string::npos);
    CHECK(t.find("1 x a cold cache (k1)") != std::string::npos);
    CHECK(t.find("1 x not explained yet (wall)") != std::string::npos);
}
