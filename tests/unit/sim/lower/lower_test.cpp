#include "sim/lower/lower.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using Catch::Matchers::Contains;

namespace {

SystemConfig system_with_l2() {
    SystemConfig s;
    s.l2.capacity = mib(50);
    s.l2.effective_capacity = 1.0;
    return s;
}

TaskGraph closed() {
    TaskGraph g = fixtures::two_tasks();
    mutable_reads(g.tasks[1].kernel)[0]->tensor = "out";
    g.inputs = {"in"};
    return g;
}

}  // namespace

TEST_CASE("lowering: passes run and the result is checked") {
    CHECK(finish_lowering(closed(), system_with_l2()).tasks.size() == 2);
    TaskGraph orphaned = closed();
    orphaned.inputs.clear();
    CHECK_THROWS_WITH(finish_lowering(orphaned, system_with_l2()), Contains("never written"));
    TaskGraph impossible = closed();
    std::get<StreamDesc>(impossible.tasks[0].kernel).threads = 5000;
    CHECK_THROWS_AS(finish_lowering(impossible, system_with_l2()), ModelError);
}
