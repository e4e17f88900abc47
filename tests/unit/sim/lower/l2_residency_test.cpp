#include "sim/lower/l2_residency.hpp"

#include "sim/base/error.hpp"
#include "sim/config/system_config.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;

SystemConfig with_l2(std::int64_t mib) {
    SystemConfig s;
    s.l2.capacity = tessera::mib(2 * mib);
    s.l2.effective_capacity = 0.5;
    return s;
}

// Copies `in` to `out`, each of `size` MiB.
Task copy_task(TaskId id, const std::string& in, const std::string& out, std::int64_t size, StreamId stream = 0) {
    Task t = fixtures::task(id, "t" + std::to_string(id), stream);
    StreamDesc s = fixtures::copy(size * 8, kMiB / 16);  // BF16: 128 KiB a row
    s.reads[0].tensor = in;
    s.writes[0].tensor = out;
    t.kernel = s;
    return t;
}

TaskGraph graph(std::vector<Task> tasks) {
    TaskGraph g = fixtures::two_tasks();
    g.tasks = std::move(tasks);
    return g;
}

double resident(const TaskGraph& g, std::size_t task) { return reads(g.tasks[task].kernel)[0]->l2_resident; }

}  // namespace

TEST_CASE("l2 residency: what was just written is there if it fits") {
    const L2ResidencyPass pass;
    const TaskGraph g = pass.run(graph({copy_task(0, "x", "y", 8), copy_task(1, "y", "z", 8)}), with_l2(8));
    CHECK(resident(g, 0) == 0.0);  // never seen before
    CHECK(resident(g, 1) == 1.0);
}

TEST_CASE("l2 residency: a larger tensor has lost its start before the reader comes") {
    const TaskGraph g =
        L2ResidencyPass().run(graph({copy_task(0, "x", "y", 8), copy_task(1, "y", "z", 8)}), with_l2(7));
    CHECK(resident(g, 1) == 0.0);
}

TEST_CASE("l2 residency: bytes between writer and reader count, once per tensor") {
    const auto run = [](std::int64_t l2) {
        return L2ResidencyPass().run(graph({copy_task(0, "x", "y", 4), copy_task(1, "a", "b", 4),
                                            copy_task(2, "b", "a", 4), copy_task(3, "y", "z", 4)}),
                                     with_l2(l2));
    };
    CHECK(resident(run(12), 3) == 1.0);  // y, a and b: 12 MiB
    CHECK(resident(run(11), 3) == 0.0);
}

TEST_CASE("l2 residency: more capacity never holds less") {
    double before = 0;
    for (std::int64_t l2 = 4; l2 <= 24; ++l2) {
        const double now = resident(
            L2ResidencyPass().run(graph({copy_task(0, "x", "y", 8), copy_task(1, "y", "z", 8)}), with_l2(l2)), 1);
        CHECK(now >= before);
        before = now;
    }
    CHECK(before == 1.0);
}

TEST_CASE("l2 residency: tensors that cross to the communication stream count as absent") {
    const TaskGraph g = L2ResidencyPass().run(
        graph({copy_task(0, "x", "y", 2), copy_task(1, "y", "z", 2, 1), copy_task(2, "y", "w", 2)}), with_l2(16));
    CHECK(resident(g, 1) == 0.0);
    CHECK(resident(g, 2) == 1.0);
}

TEST_CASE("l2 residency: another rank's graph takes it over") {
    const TaskGraph reference =
        L2ResidencyPass().run(graph({copy_task(0, "x", "y", 8), copy_task(1, "y", "z", 8)}), with_l2(8));
    const TaskGraph larger = graph({copy_task(0, "x", "y", 9), copy_task(1, "y", "z", 9)});
    CHECK(resident(with_residency_of(larger, reference), 1) == 1.0);
    CHECK_THROWS_AS(with_residency_of(graph({copy_task(0, "x", "y", 9)}), reference), InternalError);
}
