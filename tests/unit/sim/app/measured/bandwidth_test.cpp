#include "sim/app/measured/bandwidth.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

std::string item(const std::string& id, const std::string& more) {
    return R"({"id": ")" + id + R"(", "method": "vec16", "sms": 64, "threads": 1024, "unroll": 4, "ns": {"med": 1000},
        "sm_ghz": {"med": 1.98}, "GBps": {"med": 2000}, )" +
           more + "}";
}

}  // namespace

TEST_CASE("a bandwidth item is a stream of so many SMs and bytes in flight") {
    Case c;
    read_bandwidth(Text(item("B.sms", R"("mode": "copy")")).at(), c);
    CHECK(c.family == "hbm_copy");
    CHECK(c.unit == "GB/s");
    CHECK(c.measured == 2000);
    CHECK(c.payload == bytes(2000000));  // both directions
    REQUIRE(c.launches.size() == 1);
    const auto& d = std::get<StreamDesc>(c.launches.front().kernel);
    CHECK(d.max_ctas == 64);
    CHECK(d.load_bytes_in_flight == bytes(64));
    CHECK(d.reads.front().size() == bytes(1000000));
    CHECK(c.launches.front().sms == 64);
    read_bandwidth(Text(item("C.l2_read", R"("working_set": 33554432)")).at(), c);
    CHECK(c.family == "l2_read");
    CHECK(std::get<StreamDesc>(c.launches.front().kernel).reads.front().l2_resident == 1.0);
}

TEST_CASE("what no kernel shows is refused, broken items name the member") {
    Case c;
    CHECK_THROWS_AS(read_bandwidth(Text(item("B.driver_copy", R"("what": "cudaMemset")")).at(), c), ModelError);
    CHECK_THROWS_AS(read_bandwidth(Text(item("C.capacity_read", R"("working_set": 1)")).at(), c), ModelError);
    CHECK_THROWS_AS(read_bandwidth(Text(item("C.l2_read", R"("working_set": 62914560)")).at(), c), ModelError);
    const std::string tma = R"({"id": "B.sms", "mode": "read", "method": "tma1d", "GBps": {"med": 9}})";
    CHECK_THROWS_AS(read_bandwidth(Text(tma).at(), c), ModelError);
    CHECK_THROWS_WITH(read_bandwidth(Text(item("B.sms", R"("mode": "swap")")).at(), c), Catch::Contains("/mode"));
    const std::string slow = R"({"id": "B.sms", "mode": "read", "method": "vec16", "GBps": {"med": 0}})";
    CHECK_THROWS_WITH(read_bandwidth(Text(slow).at(), c), Catch::Contains("/GBps/med"));
}
