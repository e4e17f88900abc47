// covers: models/device/sm_legs.cpp
#include "models/device/sm_legs.hpp"

#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

struct Exchange {
    SystemConfig system = load_system(find_config("systems", "h200"));
    ExchangeDesc desc;
    DeepEpProtocol protocol;
    int chunk = 0;  // 0: the library's

    Exchange(ExchangeKind kind, int ranks, int sms) {
        desc.kind = kind;
        desc.tokens = 4096;
        desc.ranks = ranks;
        desc.ranks_per_node = 8;
        desc.nodes_per_token = 1;
        desc.ranks_per_token = ranks;
        desc.unique_tokens = 4096 * ranks;
        desc.bytes_per_token = bytes(kind == ExchangeKind::combine ? 14336 : 7392);
        desc.sms = sms;
        desc.reduce = kind == ExchangeKind::combine;
    }

    double leg(RoleKind which) const {
        const FabricHelp help = fabric_help(system);
        const ExchangeFlow flow = exchange_flow(desc, help.nv_switch, help.in_network_reduce);
        const std::vector<ExchangeRole> roles = exchange_roles(desc.kind, flow, help);
        DeepEpChunks chunks = deepep_chunks(desc.kind == ExchangeKind::combine, desc.ranks);
        if (chunk > 0) { chunks.nvlink = chunk; }
        const SmDrive drive{sm_copy_params(system), protocol, chunks, megahertz(1980), desc.sms};
        for (const ExchangeRole& role : roles) {
            if (role.kind == which) { return to_microseconds(sm_leg(drive, desc.kind, flow, roles, role).busy); }
        }
        return 0;
    }
};

}  // namespace

TEST_CASE("senders within a node: short chunks cost fences, chunks that do not fill a round cost another") {
    Exchange e(ExchangeKind::dispatch, 2, 8);
    const auto with = [&](int chunk) {
        e.chunk = chunk;
        return e.leg(RoleKind::send);
    };
    CHECK(with(4) > with(8));
    CHECK(with(8) > with(12));
    CHECK(with(16) > with(12));  // twelve warps for each of two ranks: a second round for four rows
    CHECK(with(16) > with(24));
    CHECK(with(24) < with(12));  // two whole rounds to a fence
}

TEST_CASE("more SMs never send slower, and fences of many SMs meet") {
    for (const ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        double before = 1e9;
        for (const int sms : {2, 4, 8, 20, 32}) {
            Exchange e(kind, 2, sms);
            const double us = e.leg(RoleKind::send);
            CHECK(us < before);
            before = us;
        }
    }
    Exchange few(ExchangeKind::combine, 2, 4), many(ExchangeKind::combine, 2, 32);
    few.chunk = many.chunk = 1;
    CHECK(many.leg(RoleKind::send) * 8 > few.leg(RoleKind::send) * 1.05);
}

TEST_CASE("a sender is never faster than the port of its SM, a reducing warp deals with one output after another") {
    Exchange e(ExchangeKind::dispatch, 2, 4);
    const SmCopyParams p = sm_copy_params(e.system);
    const double rows = 4096.0 * 2 / 2;  // of one of two channels
    CHECK(e.leg(RoleKind::send) > rows * 7392 / p.keep.raw() / 1980);
    // 23 warps, 28 steps of 512 bytes: at least a trip to HBM per step.
    Exchange c(ExchangeKind::combine, 2, 4);
    const double trip = to_microseconds(load_trip(p, megahertz(1980), true));
    CHECK(c.leg(RoleKind::receive) > std::ceil(2048 / 23.0) * 28 * trip);
    Exchange four(ExchangeKind::combine, 4, 4);
    CHECK(four.leg(RoleKind::receive) > c.leg(RoleKind::receive));  // more inputs to an output
}
