#include "sim/app/numerics_sweep.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;

namespace {

NumericsSweep small() {
    NumericsSweep s;
    s.problem.m = 64;
    s.problem.n = 128;
    s.problem.k = 1024;
    s.data = {numerics::Distribution::same_sign};
    return s;
}

}  // namespace

TEST_CASE("axes hold what they say, and only what the shape allows") {
    const NumericsSweep s = small();
    const auto bits = axis_switches(NumericsAxis::bits, s.problem, s.base);
    REQUIRE(bits.size() == 25);
    CHECK(bits.front().second.accumulator_bits == 10);
    CHECK(bits.back().second.accumulator_bits == 34);
    const auto promotion = axis_switches(NumericsAxis::promotion, s.problem, s.base);
    CHECK(promotion.front().first == "32");
    CHECK(promotion.back().first == "never");
    CHECK(promotion.size() == 6);  // 32 .. 512 and never: 1024 is the whole of k
    for (const auto& [label, choice] : axis_switches(NumericsAxis::group, s.problem, s.base)) {
        CHECK((choice.a_group != "1x16" || choice.scale_inside));
    }
    CHECK(axis_switches(NumericsAxis::scale, s.problem, s.base).size() == 6);
    for (const NumericsAxis a : numerics_axes()) { CHECK(numerics_axis_named(to_string(a), "--over") == a); }
    CHECK_THROWS_AS(numerics_axis_named("clock", "--over"), ConfigError);
}

TEST_CASE("the error falls along bits and grows along promotion intervals for data of one sign") {
    NumericsSweep s = small();
    s.axes = {NumericsAxis::promotion};
    std::size_t steps = 0;
    const std::vector<NumericsPoint> points = run_numerics_sweep(s, nullptr, [&](std::size_t total) {
        ++steps;
        CHECK(total == 6);
    });
    CHECK(steps == 6);
    CHECK(std::is_sorted(points.begin(), points.end(), [](const NumericsPoint& a, const NumericsPoint& b) {
        return a.outcome.arithmetic.relative_frobenius < b.outcome.arithmetic.relative_frobenius;
    }));
    for (const NumericsPoint& p : points) {
        CHECK_FALSE(p.outcome.timing);
        CHECK_FALSE(p.pareto_whole);
    }
}

TEST_CASE("no point of the front is beaten, and every other point is") {
    NumericsSweep s = small();
    s.axes = {NumericsAxis::promotion, NumericsAxis::scale};
    const SystemConfig h800 = load_system(find_config("systems", "h800"));
    const std::vector<NumericsPoint> points = run_numerics_sweep(s, &h800);
    int front = 0;
    for (const NumericsPoint& p : points) {
        const bool beaten = std::any_of(points.begin(), points.end(), [&](const NumericsPoint& q) {
            const double x = p.outcome.arithmetic.relative_frobenius, y = q.outcome.arithmetic.relative_frobenius;
            const Time t = p.outcome.timing->time, u = q.outcome.timing->time;
            return y <= x && u <= t && (y < x || u < t);
        });
        CHECK(beaten == !p.pareto_arithmetic);
        front += p.pareto_arithmetic ? 1 : 0;
    }
    CHECK(front >= 1);
}
