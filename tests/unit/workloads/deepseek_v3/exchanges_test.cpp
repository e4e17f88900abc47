#include "workloads/deepseek_v3/exchanges.hpp"

#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::deepseek_v3;
using fixtures::gemm_of;
using fixtures::task_of;
using fixtures::train_graph;

TEST_CASE("exchanges: payload bytes of a token") {
    ModelConfig m;
    m.hidden = 7168;
    CHECK(dispatch_bytes_per_token(m).raw() == 7168 + 56 * 4);
    CHECK(combine_bytes_per_token(m).raw() == 14336);
    m.hidden = 5000;
    CHECK(dispatch_bytes_per_token(m).raw() == 5000 + 40 * 4);
}

TEST_CASE("exchanges: every one waits for its barrier and is driven by the communication SMs") {
    for (const Task& t : train_graph().tasks) {
        const auto* e = std::get_if<ExchangeDesc>(&t.kernel);
        if (e == nullptr) { continue; }
        INFO(t.name);
        CHECK(e->sms == 20);
        CHECK(e->ranks == 64);
        CHECK(e->ranks_per_token == Approx(7.36).epsilon(1e-3));
        const Task& before = train_graph().tasks[static_cast<std::size_t>(t.id - 1)];
        CHECK(before.op_class == "comm_notify");
        CHECK(std::count(t.deps.begin(), t.deps.end(), before.id) == 1);
    }
}

TEST_CASE("exchanges: barriers with counts use a block per node, cached ones those of the exchange") {
    CHECK(std::get<BarrierDesc>(task_of(train_graph(), "notify_dispatch", 0)->kernel).sms == 1 + 64 / 8);
    CHECK(std::get<BarrierDesc>(task_of(train_graph(), "notify", 0, "combine(F)")->kernel).sms == 20);
}
