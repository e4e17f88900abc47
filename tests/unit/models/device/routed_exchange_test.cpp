#include "models/device/routed_exchange.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;

namespace {

SystemConfig h800() { return load_system(find_config("systems", "h800")); }

ExchangeDesc training(ExchangeKind kind) {
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = 4096;
    e.ranks_per_token = 7.36;
    e.nodes_per_token = 3.9;
    e.unique_tokens = 30147;
    e.bytes_per_token = bytes(kind == ExchangeKind::combine ? 14336 : 7392);
    e.ranks = 64;
    e.ranks_per_node = 8;
    return e;
}

const Leg& leg(const std::vector<Leg>& legs, const std::string& label) {
    return *std::find_if(legs.begin(), legs.end(), [&](const Leg& l) { return l.label == label; });
}

}  // namespace

TEST_CASE("the links' legs are their packets") {
    const SystemConfig system = h800();
    const RoutedExchange moves(system, deepep_v2(), training(ExchangeKind::dispatch), 20);
    const std::vector<Leg> legs = moves.legs(megahertz(1755), 0);
    // 200 GB/s and packets of 128 + 30 bytes, and acknowledgements of the other direction's, 3 bytes each.
    const double rows = moves.flow().nvlink_out * 7392;
    CHECK(to_seconds(leg(legs, "NVLink").busy) == Approx(rows * (128 + 30 + 3) / 128 / 200e9).epsilon(1e-3));
    const double across = moves.flow().nic_out * 7392;
    CHECK(to_seconds(leg(legs, "NIC").busy) == Approx(across * (4096 + 42) / 4096 / 50e9).epsilon(1e-3));
    CHECK(moves.flow().nic_out == Approx(4096 * 3.9 * 7 / 8));
}

TEST_CASE("puts through a CPU thread run at the published rate of rows, the busiest relay last") {
    const SystemConfig system = h800();
    ExchangeDesc e = training(ExchangeKind::dispatch);
    const RoutedExchange even(system, {}, e, 20);
    const double across = even.flow().nic_out * 7392;
    const Time nic = leg(even.legs(megahertz(1755), 0), "NIC").busy;
    CHECK(to_seconds(nic) == Approx(across / 40e9).epsilon(0.02));
    e.busiest_relay = 1.1;
    const RoutedExchange uneven(system, {}, e, 20);
    CHECK(leg(uneven.legs(megahertz(1755), 0), "NIC").busy / nic == Approx(1.1).epsilon(0.01));
    CHECK(uneven.traffic().nic_out == even.traffic().nic_out);
}

TEST_CASE("a busier memory, a lower clock and fewer SMs are never faster") {
    const SystemConfig system = h800();
    for (const ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        const RoutedExchange moves(system, {}, training(kind), 20);
        Time last;
        for (const double load : {0.0, 0.2, 0.5, 0.8, 0.95, 1.0}) {
            const Time now = moves.time(megahertz(1500), load);
            CHECK(now >= last);
            last = now;
        }
        CHECK(moves.time(megahertz(1000), 0.5) >= moves.time(megahertz(1900), 0.5));
        CHECK(RoutedExchange(system, {}, training(kind), 12).time(megahertz(1500), 0.5) >=
              moves.time(megahertz(1500), 0.5));
    }
}

TEST_CASE("an exchange that nothing drives is refused") {
    const SystemConfig system = h800();
    CHECK_THROWS_WITH(RoutedExchange(system, {}, training(ExchangeKind::combine), 0),
                      Catch::Contains("nothing can drive a combine"));
    CHECK_THROWS_AS(RoutedExchange(system, {}, training(ExchangeKind::combine), 1), ModelError);
}
