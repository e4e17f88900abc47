#include "models/nvlink/nvlink.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

NvlinkConfig plain_link() {
    NvlinkConfig c;
    c.per_direction = gb_per_second(200);
    c.wire.payload = c.wire.store_overhead = bytes(128);
    c.order.flag = nanoseconds(500);
    return c;
}

}  // namespace

TEST_CASE("a link serves one transfer after another and adds its latency once each") {
    const NvlinkParams p = nvlink_params(plain_link());  // 100 GB/s of payload: 10 ns per 1000 bytes
    NvlinkState state;
    NvlinkStats stats;
    CHECK(nvlink_send(p, state, stats, bytes(1000), nanoseconds(0)) == nanoseconds(510));
    CHECK(nvlink_send(p, state, stats, bytes(2000), nanoseconds(5)) == nanoseconds(530));    // waits until 10
    CHECK(nvlink_send(p, state, stats, bytes(1000), nanoseconds(100)) == nanoseconds(610));  // idle in between
    CHECK(nvlink_receive(p, state, stats, bytes(4000), nanoseconds(0)) == nanoseconds(40));  // the other direction
    CHECK(stats.out == bytes(4000));
    CHECK(stats.in == bytes(4000));
    CHECK(state.out.busy() == nanoseconds(40));
}

TEST_CASE("links that carry nothing are refused") {
    NvlinkConfig c = plain_link();
    c.per_direction = Bandwidth::zero();
    CHECK_THROWS_AS(nvlink_params(c), ModelError);
    c = plain_link();
    c.switch_rate = 1.2;
    CHECK_THROWS_AS(nvlink_params(c), ModelError);
    c = plain_link();
    c.order.flag = nanoseconds(-1);
    CHECK_THROWS_AS(nvlink_params(c), ModelError);
}
