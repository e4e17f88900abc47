// covers: analysis.cpp summary.cpp
#include "sim/sweep/results.hpp"

#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

struct Swept {
    explicit Swept(const std::string& members) : plan(load_sweep(small_sweep(folder, members))) {
        Options o;
        o.jobs = 2;
        o.devices = test::rooflines();
        run_sweep(plan, store, o);
    }
    TemporaryFolder folder;
    Plan plan;
    Store store;
};

std::string json_of(const Swept& s, const Analysis& a) {
    std::ostringstream out;
    write_results_json(out, Outcomes(s.plan, s.store), a);
    return out.str();
}

Measured point(std::size_t n, double a, double b) { return {n, a, {a, b}}; }

}  // namespace

TEST_CASE("the front has the points that nobody beats") {
    CHECK(pareto_front({point(0, 3, 1), point(1, 2, 2), point(2, 1, 3), point(3, 2, 3), point(4, 3, 3)}) ==
          std::vector<std::size_t>{2, 1, 0});
    CHECK(pareto_front({point(0, 1, 1), point(1, 1, 1)}) == std::vector<std::size_t>{0});
    CHECK(pareto_front({}).empty());
}

TEST_CASE("results hold every point, the analysis and the reference") {
    const Swept s(two_axes);
    const Outcomes outcomes(s.plan, s.store);
    const Analysis a = analyse(outcomes);
    CHECK(a.done == 6);
    REQUIRE(a.effects.size() == 2);
    CHECK(a.effects[0].swing_s >= a.effects[1].swing_s);
    const Effect& memory = a.effects[a.effects[0].path == "system.hbm.peak" ? 0 : 1];
    REQUIRE(memory.levels.size() == 3);
    CHECK(memory.levels[0].points == 2);
    CHECK(memory.levels[0].mean_time_s > memory.levels[2].mean_time_s);  // more bandwidth is faster
    const JsonValue v = parse_json(json_of(s, a), "results");
    CHECK(v.find("schema")->as_string() == "tessera.sweep/1");
    CHECK(v.find("points")->items().size() == 6);
    CHECK(v.find("counts")->find("points")->as_integer() == 6);
    CHECK(v.find("attribution")->is_null());
    const JsonValue& first = v.find("points")->items()[0];
    CHECK(write_json(first) == write_json(point_json(outcomes, 0, a.reference)));
    CHECK(first.find("speedup")->as_double() ==
          Approx(v.find("reference")->find("time_s")->as_double() / first.find("time_s")->as_double()));
    double sum = 0;
    for (const auto& row : a.heat.mean_time_s) {
        for (const double t : row) { sum += t; }
    }
    double times = 0;
    for (const JsonValue& p : v.find("points")->items()) { times += p.find("time_s")->as_double(); }
    CHECK(sum == Approx(times));
    CHECK_THAT(summary_text(outcomes, a), Catch::Contains("6 points, 6 simulated"));
}

TEST_CASE("the table has one line per point, and quotes what needs it") {
    const Swept s(R"("points": [{"proposals": ["warp-cast", "transposed-gemm"]},
                                 {"system.power.idle": "800 W"}])");
    const Outcomes outcomes(s.plan, s.store);
    const Analysis a = analyse(outcomes);
    CHECK(a.skipped == 1);
    std::ostringstream out;
    write_results_csv(out, outcomes, a);
    std::istringstream lines(out.str());
    std::string head, first, second, rest;
    std::getline(lines, head);
    std::getline(lines, first);
    std::getline(lines, second);
    CHECK_FALSE(std::getline(lines, rest));
    CHECK_THAT(head, Catch::StartsWith("index,status,proposals,system.power.idle,time_s,speedup"));
    CHECK_THAT(first, Catch::StartsWith("0,done,\"[\"\"warp-cast\"\",\"\"transposed-gemm\"\"]\",,"));
    CHECK_THAT(second, Catch::StartsWith("1,skipped,,800 W,,") && Catch::Contains("leaves nothing"));
}

TEST_CASE("a factorial over proposals attributes all of the gain") {
    const Swept s(R"("axes": [{"path": "proposals.warp-cast", "values": [false, true]},
        {"path": "proposals.group-scaled-mma", "values": [true, false]},
        {"path": "proposals.comm-coprocessor", "values": [false, true]}])");
    const Outcomes outcomes(s.plan, s.store);
    const Analysis a = analyse(outcomes);
    REQUIRE(a.attribution);
    double sum = 0;
    for (const double v : a.attribution->shapley_s) { sum += v; }
    REQUIRE(a.attribution->best.size() == 4);
    CHECK(a.attribution->best[0].time_s == Approx(a.reference_time_s));
    CHECK(sum == Approx(a.reference_time_s - a.attribution->best[3].time_s));
    CHECK(a.attribution->best[3].proposals.size() == 3);
    CHECK(a.attribution->best[1].time_s <= a.attribution->best[0].time_s);
    CHECK_THAT(summary_text(outcomes, a), Catch::Contains("Shapley"));
    CHECK_FALSE(parse_json(json_of(s, a), "results").find("attribution")->is_null());
}

TEST_CASE("filtered points carry their estimate") {
    const Swept s(std::string(two_axes) + R"(, "filter": {"keep": 0.5})");
    const Outcomes outcomes(s.plan, s.store);
    const Analysis a = analyse(outcomes);
    CHECK(a.filtered == 3);
    int estimated = 0;
    for (std::size_t p = 0; p < 6; ++p) {
        const JsonValue v = point_json(outcomes, p, a.reference);
        if (v.find("status")->as_string() == "filtered") {
            ++estimated;
            CHECK(v.find("estimated_time_s")->as_double() > 0);
            CHECK(v.find("time_s") == nullptr);
        }
    }
    CHECK(estimated == 3);
}
