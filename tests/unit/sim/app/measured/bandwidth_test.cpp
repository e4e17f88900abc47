#include "sim/app/measured/bandwidth.hpp"

#include "sim/base/error.hpp"
#include "tests/support/round_system.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::round_system;
using tessera::testing::Text;

namespace {

std::string item(const std::string& id, const std::string& more) {
    return R"({"id": ")" + id + R"(", "sms": 4, "ns": {"med": 1000}, "sm_ghz": {"med": 1.0}, "GBps": {"med": 2000}, )" +
           more + "}";
}

double predicted(const std::string& id, const std::string& more) {
    Case c;
    read_bandwidth(Text(item(id, more)).at(), c);
    REQUIRE(c.probe);
    return c.probe(round_system(), megahertz(1000)).value;
}

}  // namespace

TEST_CASE("a bandwidth item is a loop on so many SMs with so much in flight") {
    Case c;
    const std::string copy = R"("method": "vec16", "mode": "copy", "bytes": 1048576, "threads": 512, "unroll": 4)";
    read_bandwidth(Text(item("B.sms", copy)).at(), c);
    CHECK(c.family == "hbm_copy");
    CHECK(c.unit == "GB/s");
    CHECK(c.measured == 2000);
    CHECK(c.shape == std::vector<std::pair<std::string, std::int64_t>>{
                         {"sms", 4}, {"lanes", 16}, {"step_bytes", 2048}, {"bytes", 1048576}});
    // 40 B/ns of HBM less turnarounds.
    const double rate = predicted("B.sms", copy);
    CHECK(rate > 20);
    CHECK(rate < 40);
}

TEST_CASE("every method and pattern of the suites gets a prediction") {
    const std::string bytes = R"("bytes": 1048576, "mode": "read", )";
    for (const char* mode : {"read", "write", "copy"}) {
        const std::string m = std::string(R"("bytes": 1048576, "mode": ")") + mode + R"(", )";
        CHECK(predicted("B.full", m + R"("method": "tma1d", "stage_bytes": 4096, "stages": 4)") > 0);
        CHECK(predicted("B.full", m + R"("method": "tma2d_bf16_64x128box", "stage_bytes": 16384, "stages": 4)") > 0);
    }
    CHECK(predicted("B.sms", bytes + R"("method": "vec16", "placement": "n smids spread evenly")") > 0);
    CHECK(predicted("B.driver_copy", R"("what": "cudaMemsetAsync", "bytes": 1048576)") > 0);
    for (const char* pattern : {"rotating", "fixed slice", "all SMs read everything"}) {
        const std::string p = std::string(R"("working_set": 1048576, "passes": 2, "pattern": ")") + pattern + R"(", )";
        CHECK(predicted("C.l2_read", p + R"("method": "vec16 ld.cg")") > 0);
    }
    CHECK(predicted("C.capacity_write", R"("working_set": 1048576, "passes": 2, "method": "vec16 write")") > 0);
}

TEST_CASE("a set that fits is faster than one that does not") {
    const auto rate = [](const char* set) {
        return predicted("C.capacity_read",
                         std::string(R"("passes": 4, "method": "vec16 ld.cg", "working_set": )") + set);
    };
    CHECK(rate("1048576") > 1.5 * rate("16777216"));
}

TEST_CASE("broken items name the member") {
    Case c;
    const auto read = [&](const std::string& more) { read_bandwidth(Text(item("B.sms", more)).at(), c); };
    CHECK_THROWS_WITH(read(R"("method": "vec16", "mode": "swap")"), Catch::Contains("/mode"));
    CHECK_THROWS_AS(read(R"("method": "pigeon", "mode": "read")"), ModelError);
    const std::string slow = R"({"id": "B.sms", "mode": "read", "method": "vec16", "GBps": {"med": 0}})";
    CHECK_THROWS_WITH(read_bandwidth(Text(slow).at(), c), Catch::Contains("/GBps/med"));
    CHECK_THROWS_WITH(read_bandwidth(Text(item("C.l2_read", R"("method": "vec16 ld.cg", "working_set": 4194304,
        "pattern": "zigzag")"))
                                         .at(),
                                     c),
                      Catch::Contains("/pattern"));
}
