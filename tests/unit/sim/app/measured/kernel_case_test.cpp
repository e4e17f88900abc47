#include "sim/app/measured/kernel_case.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

const std::string kRead =
    R"("kernels": [{"name": "read_flat", "grid": [1024, 1, 1], "block": [256, 1, 1], "smem": 32}])";

double residency(const std::string& members) {
    const auto launches = kernel_launches(Text(members).at());
    return std::get<StreamDesc>(launches.front().kernel).reads.front().l2_resident;
}

}  // namespace

TEST_CASE("inputs are warm where the case says so or where all of it fits L2") {
    const std::string read = R"({"family": "mem_read", "dtype": "int32", "shape": {"bytes": 16777216}, )" + kRead;
    CHECK(residency(read + R"(, "bytes": 16777216})") == 1.0);
    CHECK(residency(read + R"(, "bytes": 167772160})") == 0.0);
    CHECK(residency(read + R"(, "cold_l2": true})") == 0.0);
    CHECK(residency(read + R"(, "cold_l2": false})") == 1.0);
}

TEST_CASE("cases of the energy section are cases of the family they repeat") {
    const Text read(R"({"family": "energy", "variant": "L2 read 16 MiB", "dtype": "", "bytes": 16777216,
        "shape": {"bytes": 16777216}, )" +
                    kRead + "}");
    CHECK(std::get<StreamDesc>(kernel_launches(read.at()).front().kernel).kind == StreamKind::elementwise);
    const Text attention(R"({"family": "energy", "variant": "cudnn attn", "dtype": "", "shape": {"L": 4096},
        "kernels": [{"name": "cudnn_sdpa", "grid": [132, 1, 1], "block": [384, 1, 1], "smem": 0}]})");
    CHECK(std::get<AttentionDesc>(kernel_launches(attention.at()).front().kernel).heads == 128);
    CHECK_THROWS_AS(kernel_launches(Text(R"({"family": "energy", "variant": "idle", "dtype": "", "shape": {}})").at()),
                    ModelError);
}

TEST_CASE("families outside the model are refused with the reason, broken cases with the place") {
    CHECK_THROWS_WITH(kernel_launches(Text(R"({"family": "overlap", "dtype": "", "shape": {}})").at()),
                      Catch::Contains("beside each other"));
    CHECK_THROWS_WITH(kernel_launches(Text(R"({"family": "fft", "dtype": "", "shape": {}})").at()),
                      Catch::Contains("\"fft\""));
    CHECK_THROWS_AS(kernel_launches(Text(R"({"dtype": "", "shape": {}})").at()), ConfigError);
    CHECK_THROWS_AS(kernel_launches(Text(R"({"family": "gemm", "dtype": "bf16"})").at()), ConfigError);
}
