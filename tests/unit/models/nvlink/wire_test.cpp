#include "models/nvlink/wire.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace tessera;

namespace {

NvlinkConfig plain() {
    NvlinkConfig c;
    c.per_direction = gb_per_second(100);
    c.wire.payload = bytes(100);
    c.wire.links = 4;
    c.wire.store_overhead = bytes(25);
    c.wire.load_overhead = bytes(20);
    c.wire.engine_overhead = bytes(10);
    c.wire.request = bytes(10);
    c.wire.acknowledge = bytes(5);
    return c;
}

}  // namespace

TEST_CASE("the busier direction carries data, requests and acknowledgements") {
    const WireParams p = wire_params(plain());
    WireLoad load;
    load.written_out = bytes(1000000);
    CHECK(to_microseconds(wire_time(p, load, WireUser::sm)) == Approx(12.5));  // 1.25 MB at 100 B/ns
    CHECK(to_microseconds(wire_time(p, load, WireUser::copy_engine)) == Approx(11));
    load.written_in = bytes(1000000);
    CHECK(to_microseconds(wire_time(p, load, WireUser::sm)) == Approx(13));  // 5 % of acknowledgements beside the data
    WireLoad reads;
    reads.read_in = bytes(1000000);
    CHECK(to_microseconds(wire_time(p, reads, WireUser::sm)) == Approx(12));
    reads.read_out = bytes(1000000);
    CHECK(to_microseconds(wire_time(p, reads, WireUser::sm)) == Approx(13));  // requests of the other direction
    CHECK(stream_rate(p, WireUser::sm).raw() == Approx(80e9));
}

TEST_CASE("few lines load the links unevenly, many evenly") {
    const WireParams p = wire_params(plain());
    double last = 5;
    for (std::int64_t size = 1 << 10; size < (1 << 30); size *= 4) {
        const double now = busiest_link(p, bytes(size));
        CHECK(now >= 1);
        CHECK(now <= last);
        last = now;
    }
    CHECK(last < 1.002);
    // Four links: the expected maximum of four normal variables is 1.03 of their deviation (Blom gives 1.05).
    CHECK(busiest_link(p, bytes(100 * 10000)) == Approx(1 + 1.05 * std::sqrt(3.0 / 10000)).epsilon(1e-3));
    NvlinkConfig one = plain();
    one.wire.links = 1;
    CHECK(busiest_link(wire_params(one), bytes(128)) == 1);
}

TEST_CASE("a link without bandwidth or packets is refused") {
    NvlinkConfig c = plain();
    c.per_direction = Bandwidth::zero();
    CHECK_THROWS_AS(wire_params(c), ModelError);
    c = plain();
    c.wire.payload = Bytes::zero();
    CHECK_THROWS_AS(wire_params(c), ModelError);
}
