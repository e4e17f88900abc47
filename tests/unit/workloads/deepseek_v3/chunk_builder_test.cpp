#include "workloads/deepseek_v3/chunk_builder.hpp"

#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

namespace {

StreamDesc copy(const std::string& in, const std::string& out) {
    StreamDesc s;
    s.rows = 1;
    s.cols = 128;
    Operand o;
    o.rows = 1;
    o.cols = 128;
    o.tensor = in;
    s.reads = {o};
    o.tensor = out;
    s.writes = {o};
    return s;
}

struct Bench {
    RunConfig run = fixtures::train_run();
    RankLoad load = rank_loads(run.workload, 1).front();
    ChunkWork work{{std::vector<LayerKind>(4, LayerKind::moe)}, {std::vector<LayerKind>(4, LayerKind::moe)}};
    ChunkBuilder b{run.workload, run.system, load, work};
};

}  // namespace

TEST_CASE("chunk builder: tensors and tasks are named by layer") {
    Bench s;
    s.b.begin_iteration(1);
    s.b.begin_region({"mlp(B)", "mlp", true, compute_stream}, {});
    CHECK(s.b.layer() == 2);
    CHECK(s.b.act("x") == "B2.x");
    CHECK(s.b.weight("o") == "B2.w.o");
    CHECK(s.b.of(false, 3, "x") == "F3.x");
    CHECK(s.b.rows() == s.load.backward_rows[1]);
    s.b.add({"again", "c", TaskPass::backward}, copy("a", "b"));
    s.b.add({"again", "c", TaskPass::backward}, copy("a", "b"));
    const TaskGraph g = s.b.finish();
    CHECK(g.tasks[0].name == "B2.mlp.again");
    CHECK(g.tasks[1].name == "B2.mlp.again.2");
    CHECK(g.inputs == std::vector<std::string>{"B2.w.o"});
}

TEST_CASE("chunk builder: dependencies follow readers, writers and region waits") {
    Bench s;
    s.b.begin_iteration(0);
    s.b.begin_region({"first", "r", false, compute_stream}, {"never"});
    const TaskId a = s.b.add({"a", "c", TaskPass::forward}, copy("x", "y"));
    const TaskId b = s.b.add({"b", "c", TaskPass::forward}, copy("y", "z"));
    s.b.begin_region({"second", "r", false, communication_stream}, {"first"});
    const TaskId c = s.b.add({"c", "c", TaskPass::forward}, copy("y", "w"));
    const TaskId d = s.b.add({"d", "c", TaskPass::forward}, copy("q", "w"), 0, {a});
    const TaskGraph g = s.b.finish();
    const auto deps = [&](TaskId t) { return g.tasks[static_cast<std::size_t>(t)].deps; };
    CHECK(deps(a).empty());
    CHECK(deps(b) == std::vector<TaskId>{a});
    CHECK(deps(c) == std::vector<TaskId>{a, b});  // reads y; the region waits for the last task of "first"
    CHECK(deps(d) == std::vector<TaskId>{a, c});  // writes w after c
}
