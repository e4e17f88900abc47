#include "sim/sweep/cluster.hpp"

#include "sim/base/error.hpp"
#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

Plan plan_of(const std::string& members) {
    const TemporaryFolder folder;
    return Plan(load_sweep(small_sweep(folder, members)));
}

std::string worked(const Plan& plan, const std::string& points, Stage stage = Stage::simulation) {
    std::ostringstream out;
    work(plan, point_list(points, plan), stage, "1", out, test::rooflines());
    return out.str();
}

}  // namespace

TEST_CASE("lists of points are numbers and ranges, and nothing else") {
    const Plan plan = plan_of(two_axes);
    CHECK(point_list("0,2-4,6", plan) == std::vector<std::size_t>{0, 2, 3, 4, 6});
    for (const char* bad : {"", "7", "1,", "2-1", "x", "1;2", "-1", "1-", "99999999999999999999"}) {
        INFO(bad);
        CHECK_THROWS_AS(point_list(bad, plan), ConfigError);
    }
    CHECK(stage_named("estimate") == Stage::estimate);
    CHECK_THROWS_AS(stage_named("guess"), ConfigError);
}

TEST_CASE("points that ran elsewhere, some of them twice, give what a run here gives") {
    for (const char* filter : {"", R"(, "filter": {"keep": 0.5})"}) {
        const Plan plan = plan_of(std::string(two_axes) + filter);
        Store here, elsewhere;
        Options options;
        options.devices = test::rooflines();
        run_sweep(plan, here, options);
        for (int round = 0; round < 3; ++round) {
            const JsonValue todo = parse_json(pending_json(plan, elsewhere, "1"), "pending");
            const Stage stage = stage_named(todo.find("stage")->as_string());
            std::string points;
            for (const JsonValue& p : todo.find("points")->items()) {
                points += (points.empty() ? "" : ",") + std::to_string(p.as_integer());
            }
            if (points.empty()) { break; }
            std::istringstream lines(worked(plan, points, stage) + worked(plan, points, stage));
            CHECK(take(plan, elsewhere, "1", lines) == todo.find("points")->items().size());
        }
        CHECK(parse_json(pending_json(plan, elsewhere, "1"), "pending").find("points")->items().empty());
        const Outcomes a(plan, here), b(plan, elsewhere);
        for (std::size_t p = 0; p <= plan.size(); ++p) {
            CHECK(write_json(a.at(p).result) == write_json(b.at(p).result));
            CHECK(a.at(p).filtered == b.at(p).filtered);
        }
    }
}

TEST_CASE("what another version, another sweep or a lost worker sends is refused") {
    const Plan plan = plan_of(two_axes);
    const std::string lines = worked(plan, "0,6");
    Store store;
    const auto taking = [&](const std::string& text, const std::string& code = "1") {
        std::istringstream in(text);
        return take(plan, store, code, in);
    };
    CHECK_THROWS_WITH(taking(lines, "2"), Catch::Contains("another version"));
    CHECK_THROWS_AS(taking("{\"code\":\"1\"}\n"), ConfigError);
    CHECK_THROWS_AS(taking("hello\n"), ConfigError);
    const Plan other = plan_of(R"("axes": [{"path": "system.hbm.peak", "values": ["7 TB/s"]}])");
    CHECK_THROWS_WITH(taking(worked(other, "0")), Catch::Contains("no point"));
    // The first line counts even if the second is cut off.
    CHECK_THROWS_AS(taking(lines.substr(0, lines.size() - 20)), ConfigError);
    CHECK(store.has(Stage::simulation, plan.key(0)));
    CHECK(taking(lines) == 1);
}
