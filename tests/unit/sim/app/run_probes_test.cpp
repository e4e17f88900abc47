#include "sim/app/run_probes.hpp"

#include "sim/app/validate_measured.hpp"
#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace tessera;
using namespace tessera::testing;

namespace {

measured::Case case_of(measured::Probe probe) {
    measured::Case c;
    c.unit = "cycles";
    c.measured = 100;
    c.clock = megahertz(1000);
    c.probe = std::move(probe);
    return c;
}

}  // namespace

TEST_CASE("probes see the system and the clock, and answer alike in any number of processes") {
    std::vector<measured::Case> cases;
    for (int i = 0; i < 40; ++i) {
        cases.push_back(case_of([i](const SystemConfig& system, Frequency clock) {
            return measured::Prediction{i + system.sm.count + clock.raw() / 1e9 + 0.1, "unit " + std::to_string(i)};
        }));
    }
    const auto one = run_probes(cases, round_system(), 1), three = run_probes(cases, round_system(), 3);
    for (int i = 0; i < 40; ++i) {
        const auto at = static_cast<std::size_t>(i);
        CHECK(one[at].prediction.value == i + round_system().sm.count + 1.0 + 0.1);
        CHECK(one[at].prediction.limiter == "unit " + std::to_string(i));
        CHECK(three[at].prediction.value == one[at].prediction.value);
    }
}

TEST_CASE("a probe that the model refuses concerns its own case alone") {
    measured::Case broken = case_of([](const SystemConfig&, Frequency) { return measured::Prediction{1, ""}; });
    broken.problem = "unreadable";
    const auto answers = run_probes(
        {case_of([](const SystemConfig&, Frequency) -> measured::Prediction { throw ModelError("no such unit"); }),
         broken, case_of([](const SystemConfig&, Frequency) {
             return measured::Prediction{std::numeric_limits<double>::infinity(), ""};
         }),
         case_of([](const SystemConfig&, Frequency) {
             return measured::Prediction{90, "smem"};
         })},
        round_system(), 2);
    CHECK(answers[0].problem == "no such unit");
    CHECK(answers[1].prediction.value == 0);
    CHECK_FALSE(answers[2].problem.empty());
    CHECK(answers[3].prediction.value == 90);
}

TEST_CASE("a probe's answer is judged in its own quantity, as a ratio or as a difference") {
    measured::Case c = case_of({});
    const ValidationCase ratio = judge_probe(c, {{90, "smem"}, ""});
    CHECK(ratio.error() == Approx(-0.1));
    CHECK(ratio.unit == "cycles");
    CHECK(ratio.limiter == "smem");
    c.judged = Judged::by_difference;
    c.measured = 1.2;
    CHECK(judge_probe(c, {{1.25, ""}, ""}).error() == Approx(0.05));
    CHECK_FALSE(judge_probe(c, {{}, "no such unit"}).covered);
}
