#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("combine(F): expert outputs, shared expert and residual are summed into the next layer's input") {
    const Task* t = task_of(train_graph(), "combine_y", 1);
    const auto& e = std::get<ExchangeDesc>(t->kernel);
    CHECK(e.kind == ExchangeKind::combine);
    CHECK(e.reduce);
    CHECK(e.writes[0].tensor == "F2.x");
    CHECK(fixtures::producer_role("combine_y", 1) == "rmsnorm_ffn+residual_add");
    CHECK(fixtures::producer_role("combine_y", 2) == "shared_down");
    CHECK(fixtures::roles_of(train_graph(), "combine(F)", 3) == std::vector<std::string>{"notify", "combine_y"});
}
