#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("combine(B): dY is cast and sent to the experts of its tokens") {
    CHECK(fixtures::roles_of(train_graph(), "combine(B)", 0) ==
          std::vector<std::string>{"cast_dY_for_dispatch", "notify", "dispatch_dY"});
    const Task* t = task_of(train_graph(), "dispatch_dY", 1);
    const auto& e = std::get<ExchangeDesc>(t->kernel);
    CHECK(e.kind == ExchangeKind::dispatch);
    CHECK(e.unique_tokens == 30048);
    CHECK(t->stream == communication_stream);
    CHECK(task_of(train_graph(), "cast_dY_for_dispatch", 1)->sms == 0);  // one-shot: any free SM
}
