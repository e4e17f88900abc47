#include "models/device/in_flight.hpp"

#include "models/device/low_latency.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

SystemConfig h800() { return load_system(find_config("systems", "h800")); }

ExchangeDesc decode_exchange(ExchangeKind kind, int ranks = 128) {
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = 128;
    e.unique_tokens = 1024;
    e.bytes_per_token = bytes(kind == ExchangeKind::dispatch ? 7392 : 14336);
    e.ranks = ranks;
    e.ranks_per_token = 8;
    e.nodes_per_token = ranks > 8 ? 4 : 1;
    e.low_latency = true;
    return e;
}

KernelResult flight(const ExchangeDesc& e, const SystemConfig& s) { return in_flight(e, s, megahertz(1500)); }

}  // namespace

TEST_CASE("in flight: by RDMA every row but the rank's own crosses the NIC once") {
    const ExchangeDesc e = decode_exchange(ExchangeKind::dispatch);
    const InFlightRows rows = in_flight_rows(e, h800());
    CHECK(rows.nic_out == Approx(1024.0 * 127 / 128));
    CHECK(rows.nic_in == Approx(rows.nic_out));
    CHECK(rows.nvlink_out == 0);
    SystemConfig s = h800();
    s.nic.latency = Time::zero();
    const Time without = flight(e, s).time;
    CHECK(to_seconds(flight(e, h800()).time - without) == Approx(to_seconds(h800().nic.latency)));
}

TEST_CASE("in flight: less than the whole exchange with its copies on the GPU") {
    const SystemConfig s = h800();
    for (const ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        LowLatencyJob job;
        job.combine = kind == ExchangeKind::combine;
        job.row = decode_exchange(kind).bytes_per_token;
        job.ranks = 128;
        CHECK(flight(decode_exchange(kind), s).time < low_latency_time(s, job, megahertz(1500)).total);
    }
}

TEST_CASE("in flight: a rank that receives more waits longer") {
    ExchangeDesc e = decode_exchange(ExchangeKind::dispatch);
    const Time mean = flight(e, h800()).time;
    e.unique_tokens = 1300;
    CHECK(flight(e, h800()).time > mean);
    e.unique_tokens = 700;
    CHECK(flight(e, h800()).time == mean);
}

TEST_CASE("in flight: within a node over NVLink, and a fabric that forwards by itself sends less between nodes") {
    const KernelResult node = flight(decode_exchange(ExchangeKind::combine, 8), h800());
    CHECK(node.traffic.nic_out == Bytes::zero());
    CHECK(node.limiter == Limiter::nvlink);
    SystemConfig s = h800();
    s.nic.direct_forward = s.nvlink.switch_multicast = s.nvlink.switch_reduce = true;
    for (const ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        const KernelResult by_node = flight(decode_exchange(kind), s), plain = flight(decode_exchange(kind), h800());
        CHECK(by_node.traffic.nic_out < plain.traffic.nic_out * 0.6);
        CHECK(by_node.time < plain.time);
    }
}

TEST_CASE("in flight: what is no exchange of tokens is refused") {
    CHECK_THROWS_AS(flight(decode_exchange(ExchangeKind::send), h800()), ModelError);
    CHECK_THROWS_AS(flight(decode_exchange(ExchangeKind::dispatch, 12), h800()), ModelError);
    CHECK_THROWS_AS(flight(decode_exchange(ExchangeKind::dispatch, 1), h800()), ModelError);
    ExchangeDesc none = decode_exchange(ExchangeKind::dispatch);
    none.tokens = 0;
    CHECK_THROWS_AS(flight(none, h800()), ModelError);
}
