#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("dispatch(B): input gradients return in BF16 with the gradients of the routing weights") {
    const auto& e = std::get<ExchangeDesc>(task_of(train_graph(), "combine_dX", 1)->kernel);
    CHECK(e.kind == ExchangeKind::combine);
    CHECK(e.bytes_per_token.raw() == 2 * 7168);
    CHECK(fixtures::producer_role("combine_dX", 0) == "reduce_dX_routed");
    CHECK(fixtures::producer_role("combine_dX", 1) == "shared_gate_up_dgrad");
    CHECK(fixtures::producer_role("combine_dX", 2) == "mul_topk_weight_grad");
}
