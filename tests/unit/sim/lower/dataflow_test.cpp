#include "sim/lower/dataflow.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using Catch::Matchers::Contains;

namespace {

// first: x -> y on stream 0; second: y -> z on stream 1, waiting for the first.
TaskGraph chain() {
    TaskGraph g = fixtures::two_tasks();
    auto rename = [](Task& t, const char* in, const char* out) {
        mutable_reads(t.kernel)[0]->tensor = in;
        mutable_writes(t.kernel)[0]->tensor = out;
    };
    rename(g.tasks[0], "x", "y");
    rename(g.tasks[1], "y", "z");
    g.inputs = {"x"};
    g.outputs = {"z"};
    return g;
}

}  // namespace

TEST_CASE("dataflow: a closed graph has no orphans") {
    const TaskGraph g = chain();
    CHECK_NOTHROW(check_dataflow(g));
    CHECK(unread_writes(g).empty());
}

TEST_CASE("dataflow: a read that nobody writes is named with its task") {
    TaskGraph g = chain();
    g.inputs.clear();
    REQUIRE(unwritten_reads(g).size() == 1);
    CHECK(unwritten_reads(g)[0].tensor == "x");
    mutable_writes(g.tasks[0].kernel)[0]->tensor = "elsewhere";
    CHECK_THROWS_WITH(check_dataflow(g), Contains("first reads x") && Contains("second reads y"));
}

TEST_CASE("dataflow: a write that nobody reads is found") {
    TaskGraph g = chain();
    g.outputs.clear();
    REQUIRE(unread_writes(g).size() == 1);
    CHECK(unread_writes(g)[0].task == "second");
}

TEST_CASE("dataflow: a missing event wait is a race") {
    TaskGraph g = chain();
    CHECK(unordered_reads(g).empty());
    g.tasks[1].deps.clear();
    CHECK_THROWS_WITH(check_dataflow(g), Contains("second reads y without waiting"));
    g.tasks[1].stream = 0;  // the stream's order is enough
    CHECK_NOTHROW(check_dataflow(g));
}

TEST_CASE("dataflow: order is found through other streams") {
    TaskGraph g = chain();
    g.streams.push_back({"third", StreamRole::compute, 0});
    Task middle = fixtures::task(1, "middle", 2);
    mutable_reads(middle.kernel)[0]->tensor = "x";
    mutable_writes(middle.kernel)[0]->tensor = "w";
    middle.deps = {0};
    g.tasks.insert(g.tasks.begin() + 1, middle);
    g.tasks[2].id = 2;
    g.tasks[2].deps = {1};  // first -> middle -> second
    CHECK(unordered_reads(g).empty());
    g.tasks[1].deps.clear();
    CHECK(unordered_reads(g).size() == 1);
}
