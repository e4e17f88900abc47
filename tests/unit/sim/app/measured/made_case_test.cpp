#include "sim/app/measured/made_case.hpp"

#include "sim/app/measured/kernel_case.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;

TEST_CASE("a driver's copy is read as a kernel that moves its bytes both ways, in whole blocks") {
    for (const std::int64_t bytes : {std::int64_t{1}, std::int64_t{1} << 20, (std::int64_t{1} << 20) + 5}) {
        JsonValue c = driver_copy(bytes);
        c.set("dtype", JsonValue::string("bytes"));
        const std::vector<Launch> launches = kernel_launches(JsonCursor(c, "made.json"));
        REQUIRE(launches.size() == 1);
        const auto& copy = std::get<StreamDesc>(launches[0].kernel);
        CHECK(copy.grid.ctas == std::max<std::int64_t>(1, bytes / 16384));
        CHECK(copy.reads.at(0).bytes == copy.writes.at(0).bytes);
        CHECK(copy.reads.at(0).bytes.raw() == copy.grid.ctas * 16384);
    }
}

TEST_CASE("the driver's copy of kernels.json is such a case") {
    const JsonValue c =
        parse_json(R"({"family": "memcpy_d2d", "dtype": "bytes", "shape": {"bytes_each_way": 33554432}})", "k.json");
    const std::vector<Launch> launches = kernel_launches(JsonCursor(c, "k.json"));
    CHECK(std::get<StreamDesc>(launches.at(0).kernel).grid.ctas == 2048);
}
