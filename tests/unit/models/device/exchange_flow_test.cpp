#include "models/device/exchange_flow.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

// 1000 tokens, 8 nodes of 8 GPUs, 4 nodes and 6 GPUs per token, this rank receives a tenth more than the mean.
ExchangeDesc spread_out(ExchangeKind kind) {
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = 1000;
    e.unique_tokens = 6600;
    e.bytes_per_token = bytes(100);
    e.ranks = 64;
    e.ranks_per_node = 8;
    e.nodes_per_token = 4;
    e.ranks_per_token = 6;
    e.sms = 20;
    return e;
}

}  // namespace

TEST_CASE("dispatch counts rows per node on the NIC and per GPU on NVLink") {
    const ExchangeFlow f = exchange_flow(spread_out(ExchangeKind::dispatch), {}, false);
    CHECK(f.nodes == 8);
    CHECK(f.node_rows == Approx(4000));
    CHECK(f.nic_out == Approx(3500));  // the own node is one of a token's four with probability 4/8
    CHECK(f.nic_in == Approx(3500));
    CHECK(f.copies == Approx(6000));
    CHECK(f.nvlink_out == Approx(5250));       // 7 of 8 targets are other GPUs
    CHECK(f.nvlink_in == Approx(5250 * 1.1));  // this rank is loaded above the mean
    CHECK(f.skew() == Approx(1.1));
}

TEST_CASE("combine is the mirror image") {
    const ExchangeFlow f = exchange_flow(spread_out(ExchangeKind::combine), {}, false);
    CHECK(f.nic_out == Approx(3500));
    CHECK(f.nic_in == Approx(3500));
    CHECK(f.nvlink_out == Approx(5250 * 1.1));
    CHECK(f.nvlink_in == Approx(5250));
}

TEST_CASE("a unified fabric multicasts to a node and reduces on the way") {
    const SwitchParams help{true, true};
    const ExchangeFlow out = exchange_flow(spread_out(ExchangeKind::dispatch), help, true);
    CHECK(out.nvlink_out < 5250);
    CHECK(out.nvlink_in == Approx(5250 * 1.1));
    CHECK(out.nic_out == Approx(3500));
    const ExchangeFlow back = exchange_flow(spread_out(ExchangeKind::combine), help, true);
    CHECK(back.nvlink_in < 5250);
    CHECK(back.nic_in == Approx(1000));  // one row per token comes home
    CHECK(back.nic_out == Approx(3500));
}

TEST_CASE("within one node the NIC is idle") {
    ExchangeDesc e = spread_out(ExchangeKind::dispatch);
    e.ranks = 4;
    e.nodes_per_token = 1;
    e.ranks_per_token = 3;
    e.unique_tokens = 3000;
    const ExchangeFlow f = exchange_flow(e, {}, false);
    CHECK(f.nic_out == 0);
    CHECK(f.nvlink_out == Approx(2250));
    CHECK(f.node_ranks == 4);
}

TEST_CASE("routing that cannot be is refused with the field's name") {
    ExchangeDesc e = spread_out(ExchangeKind::dispatch);
    e.ranks = 60;
    CHECK_THROWS_WITH(exchange_flow(e, {}, false), Catch::Contains("60 ranks do not fill nodes of 8"));
    e = spread_out(ExchangeKind::dispatch);
    e.nodes_per_token = 9;
    CHECK_THROWS_WITH(exchange_flow(e, {}, false), Catch::Contains("nodes_per_token"));
    e = spread_out(ExchangeKind::dispatch);
    e.ranks_per_token = 3;
    CHECK_THROWS_WITH(exchange_flow(e, {}, false), Catch::Contains("ranks_per_token"));
    e = spread_out(ExchangeKind::dispatch);
    e.bytes_per_token = Bytes::zero();
    CHECK_THROWS_AS(exchange_flow(e, {}, false), ModelError);
}

TEST_CASE("the conservation check notices lost rows") {
    const ExchangeDesc e = spread_out(ExchangeKind::dispatch);
    ExchangeFlow f = exchange_flow(e, {}, false);
    CHECK_NOTHROW(check_conservation(e, f, {}, false));
    f.nic_in -= 1;
    CHECK_THROWS_AS(check_conservation(e, f, {}, false), InternalError);
    f.nic_in += 1;
    f.nvlink_out *= 1.001;
    CHECK_THROWS_AS(check_conservation(e, f, {}, false), InternalError);
}
