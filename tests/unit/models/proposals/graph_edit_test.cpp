#include "models/proposals/graph_edit.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/small_graphs.hpp"

using namespace tessera;
using namespace tessera::testing;

namespace {
bool depends(const TaskGraph& g, const char* task, const char* on) {
    const Task* t = g.find(task);
    const std::vector<TaskId>& deps = t->deps;
    return std::find(deps.begin(), deps.end(), g.find(on)->id) != deps.end();
}
}  // namespace

TEST_CASE("tensor use finds producers and readers") {
    const TaskGraph g = cast_chain();
    const TensorUse use(g);
    CHECK(use.lives_on("z"));
    CHECK_FALSE(use.lives_on("y"));
    CHECK(use.sole_producer(g, "x.q")->name == "cast");
    CHECK(use.sole_producer(g, "h") == nullptr);
    REQUIRE(use.consumers("x.q").size() == 1);
    CHECK(g.tasks[static_cast<std::size_t>(use.consumers("x.q").front())].name == "gemm");
    CHECK(use.consumers("nothing").empty());
}

TEST_CASE("a removed task hands its ordering to those who waited for it") {
    const TaskGraph g = cast_chain();
    std::vector<bool> removed(g.tasks.size(), false);
    removed[1] = true;  // the cast: "send" on the other stream waited for it
    const TaskGraph cut = without_tasks(g, removed);
    check(cut);
    CHECK(cut.tasks.size() == g.tasks.size() - 1);
    CHECK(cut.find("cast") == nullptr);
    CHECK(depends(cut, "send", "norm"));
    CHECK(depends(cut, "add", "send"));
}

TEST_CASE("a removed waiter leaves its wait to the next task of its stream") {
    TaskGraph g = cast_chain();
    std::vector<bool> removed(g.tasks.size(), false);
    removed[6] = true;  // "add" waited for "send"
    add_task(g, "last", g.tasks[0].kernel);
    removed.push_back(false);
    const TaskGraph cut = without_tasks(g, removed);
    check(cut);
    CHECK(depends(cut, "last", "send"));
}

TEST_CASE("removing nothing changes nothing") {
    const TaskGraph g = cast_chain();
    const TaskGraph same = without_tasks(g, std::vector<bool>(g.tasks.size(), false));
    REQUIRE(same.tasks.size() == g.tasks.size());
    CHECK(same.inputs == g.inputs);
    CHECK(same.outputs == g.outputs);
    for (std::size_t i = 0; i < g.tasks.size(); ++i) {
        CHECK(same.tasks[i].name == g.tasks[i].name);
        CHECK(same.tasks[i].deps == g.tasks[i].deps);
    }
}

TEST_CASE("a cast takes its scale transposes with it") {
    for (const char* kept : {"", "x.s"}) {
        TaskGraph g = cast_chain();
        std::vector<bool> removed(g.tasks.size(), false);
        retire_cast(g, TensorUse(g), 1, kept, removed);
        CHECK(removed[1]);
        CHECK(removed[2]);
        CHECK(std::count(removed.begin(), removed.end(), true) == 2);
        const std::vector<Operand>& scales = gemm_of(g.tasks[4])->scales;
        REQUIRE(scales.size() == (*kept == 0 ? 0 : 1));
        if (*kept != 0) { CHECK(scales[0].tensor == kept); }
    }
}

TEST_CASE("the payload of a cast is the FP8 tensor, not its scales") {
    const TaskGraph g = cast_chain();
    const StreamDesc* cast = stream_of(g.tasks[1], StreamKind::per_token_cast);
    REQUIRE(cast != nullptr);
    CHECK(payload(cast->writes)->tensor == "x.q");
    CHECK(stream_of(g.tasks[1], StreamKind::norm) == nullptr);
}
