#include "sim/config/link_rates.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("headers take their share of the links") {
    NvlinkConfig link;
    link.per_direction = gb_per_second(200);
    CHECK(payload_rate(link) == gb_per_second(200));  // packets not described
    link.wire.payload = bytes(128);
    link.wire.store_overhead = bytes(32);
    CHECK(payload_rate(link).raw() == Approx(160e9));
    NicConfig nic;
    nic.per_gpu = gb_per_second(50);
    CHECK(payload_rate(nic) == gb_per_second(50));
    nic.packet = bytes(4096);
    nic.header = bytes(42);
    CHECK(payload_rate(nic).raw() == Approx(50e9 * 4096 / 4138));
    CHECK(row_rate(nic) == payload_rate(nic));
    nic.row_puts = gb_per_second(40);
    CHECK(row_rate(nic) == gb_per_second(40));
    nic.pcie = gb_per_second(32);
    CHECK(payload_rate(nic) == gb_per_second(32));
    CHECK(row_rate(nic) == gb_per_second(32));
}
