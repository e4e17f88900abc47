#include "sim/sweep/charts.hpp"

#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) { ++n; }
    return n;
}

}  // namespace

TEST_CASE("objectives have a name and a unit for people, paths a short form") {
    CHECK(quantity_of("time_s").column() == "time (ms)");
    CHECK(quantity_of("time_s").factor == 1e3);
    CHECK(quantity_of("l2_misses").column() == "l2 misses");
    CHECK(short_path("system.hbm.peak") == "hbm.peak");
    CHECK(short_path("proposals.warp-cast") == "warp-cast");
    CHECK(short_path("simulation.clock") == "simulation.clock");
}

TEST_CASE("values are read without quotes and needless digits") {
    CHECK(value_text("\"4.24264068712 TB/s\"") == "4.243 TB/s");
    CHECK(value_text("\"6 TB/s\"") == "6 TB/s");
    CHECK(value_text("2.5") == "2.5");
    CHECK(value_text("true") == "true");
    CHECK(value_text("[\"a\"]") == "[\"a\"]");
}

TEST_CASE("every point has its mark and its line, every axis its bar") {
    TemporaryFolder folder;
    const Plan plan(load_sweep(small_sweep(folder, two_axes)));
    Store store;
    Options o;
    o.devices = test::rooflines();
    run_sweep(plan, store, o);
    const Outcomes outcomes(plan, store);
    const Analysis a = analyse(outcomes);
    const std::vector<Measured> points = measured(outcomes);
    const std::string front = front_chart(outcomes, a, points).svg;
    CHECK(count(front, "<circle") == points.size() + a.pareto.size());
    CHECK(count(front, ", on the front") == a.pareto.size());
    CHECK(count(tornado_chart(a).svg, "<rect") == a.effects.size());
    const std::string lines = parallel_chart(outcomes, a, points).svg;
    CHECK(count(lines, "<path") == points.size());
    CHECK(count(lines, "class=\"lf\"") == 1);  // the fastest tenth of six
    CHECK(front_chart(outcomes, a, {}).svg.empty());
    CHECK(parallel_chart(outcomes, a, {}).svg.empty());
    CHECK(tornado_chart(Analysis{}).svg.empty());
}

TEST_CASE("Shapley values are bars in order, losses to the other side") {
    Attribution a;
    a.proposals = {"small", "large", "loss"};
    a.shapley_s = {1e-3, 4e-3, -2e-3};
    const std::string svg = shapley_chart(a).svg;
    CHECK(svg.find(">large<") < svg.find(">small<"));
    CHECK(svg.find(">small<") < svg.find(">loss<"));
    CHECK(count(svg, "class=\"fb\"") == 1);
    CHECK(count(svg, "class=\"f0\"") == 2);
    CHECK(shapley_chart({}).svg.empty());
}
