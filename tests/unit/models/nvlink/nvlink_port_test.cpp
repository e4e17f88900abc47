#include "models/nvlink/nvlink_port.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sim_session.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("the port books its wires and its books balance") {
    SimSession session([] {});
    {
        NvlinkConfig config;
        config.per_direction = gb_per_second(100);
        config.order.flag = nanoseconds(500);
        NvlinkPort port("port", config);
        session.elaborate();
        port.reset(microseconds(1));
        CHECK(port.send(bytes(1000), microseconds(1)) == nanoseconds(1510));
        CHECK(port.send(bytes(1000), microseconds(1)) == nanoseconds(1520));
        CHECK(port.receive(bytes(2000), nanoseconds(1200)) == nanoseconds(1220));
        CHECK(port.stats().out == bytes(2000));
        CHECK(port.stats().in == bytes(2000));
        CHECK_NOTHROW(port.check(microseconds(2)));
    }
}
