#include "sim/base/error.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using Catch::Matchers::Contains;

TEST_CASE("task graph: a sound graph passes and tasks are found by name") {
    const TaskGraph g = fixtures::two_tasks();
    CHECK_NOTHROW(check(g));
    REQUIRE(g.find("second") != nullptr);
    CHECK(g.find("second")->id == 1);
    CHECK(g.find("third") == nullptr);
}

TEST_CASE("task graph: broken references are named") {
    TaskGraph g = fixtures::two_tasks();
    g.tasks[1].id = 5;
    CHECK_THROWS_WITH(check(g), Contains("'second'") && Contains("id differs"));
    g = fixtures::two_tasks();
    g.tasks[1].name = "first";
    CHECK_THROWS_WITH(check(g), Contains("not unique"));
    g = fixtures::two_tasks();
    g.tasks[0].stream = 2;
    CHECK_THROWS_WITH(check(g), Contains("stream does not exist"));
    g = fixtures::two_tasks();
    g.tasks[1].deps = {7};
    CHECK_THROWS_WITH(check(g), Contains("dependency does not exist"));
    g = fixtures::two_tasks();
    g.tasks[0].repeat = 0;
    CHECK_THROWS_AS(check(g), InternalError);
}

TEST_CASE("task graph: cycles through streams and waits are found") {
    TaskGraph g = fixtures::two_tasks();
    g.tasks[0].deps = {1};
    CHECK_THROWS_WITH(check(g), Contains("cycle"));
    // Stream order alone closes this one: the first task of a stream waits for the second.
    g = fixtures::two_tasks();
    g.tasks[1].stream = 0;
    g.tasks[1].deps.clear();
    g.tasks[0].deps = {1};
    CHECK_THROWS_WITH(check(g), Contains("cycle"));
}
