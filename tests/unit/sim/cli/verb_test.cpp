#include "sim/cli/verb.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

using namespace tessera::cli;

namespace {

Arguments parse(const std::vector<std::string>& words) {
    std::vector<OptionSpec> specs = simulation_options();
    specs.push_back(jobs_option());
    return Arguments(words, specs, 0);
}

}  // namespace

TEST_CASE("options of simulation become settings, after the user's own") {
    Arguments a = parse({"--set", "workload.tokens=1", "--exact", "--seed", "7", "--set", "a=b"});
    CHECK(sets_of(a) ==
          std::vector<std::string>{"workload.tokens=1", "a=b", "simulation.exact=true", "simulation.seed=7"});
    CHECK_NOTHROW(a.finish());
    Arguments wrong = parse({"--seed", "-1"});
    sets_of(wrong);
    CHECK_THROWS_AS(wrong.finish(), ConfigError);
}

TEST_CASE("jobs: given or at least one") {
    Arguments given = parse({"-j", "3"}), none = parse({}), zero = parse({"-j0"});
    CHECK(jobs_of(given) == 3);
    CHECK(jobs_of(none) >= 1);
    jobs_of(zero);
    CHECK_THROWS_AS(zero.finish(), ConfigError);
}

TEST_CASE("a repeatable operand takes any number, others one each") {
    Verb v;
    CHECK(most_operands(v) == 0);
    v.operands = {{"A", "", {}}, {"B", "", {}}};
    CHECK(most_operands(v) == 2);
    v.operands.back().repeatable = true;
    CHECK(most_operands(v) > 1000000);
}
