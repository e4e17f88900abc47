#include "sim/app/measured/made_case.hpp"

#include "sim/app/measured/kernel_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;

TEST_CASE("a driver's copy moves its bytes in whole blocks") {
    for (const std::int64_t bytes : {std::int64_t{1}, std::int64_t{1} << 20, (std::int64_t{1} << 20) + 5}) {
        const JsonValue c = driver_copy(bytes);
        const std::int64_t blocks = c.find("kernels")->items().at(0).find("grid")->items().at(0).as_integer();
        CHECK(blocks == std::max<std::int64_t>(1, bytes / 16384));
        CHECK(c.find("shape")->find("bytes")->as_integer() == blocks * 16384);
    }
}

TEST_CASE("the driver's copy of kernels.json is read as that kernel") {
    const JsonValue c =
        parse_json(R"({"family": "memcpy_d2d", "dtype": "bytes", "shape": {"bytes_each_way": 33554432}})", "k.json");
    const std::vector<Launch> launches = kernel_launches(JsonCursor(c, "k.json"));
    REQUIRE(launches.size() == 1);
    CHECK(std::holds_alternative<StreamDesc>(launches[0].kernel));
}
