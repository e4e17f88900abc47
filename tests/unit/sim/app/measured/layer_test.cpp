#include "sim/app/measured/layer.hpp"

#include "sim/base/error.hpp"
#include "tests/support/systems.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::h200;
using tessera::testing::Text;

namespace {

// A norm, the cast of its result and the product of that.
std::string layer(int tokens, const std::string& more = "") {
    const std::string t = std::to_string(tokens);
    return R"({"part": "forward", "tokens": )" + t + R"(, "us": 100.0, "sm_mhz": 1500, "ops": [
        {"family": "rmsnorm", "dtype": "bf16/fp8", "shape": {"T": )" +
           t + R"(, "W": 7168}},
        {"family": "cast_1x128", "dtype": "bf16/fp8", "shape": {"T": )" +
           t + R"(, "W": 7168}},
        {"family": "gemm", "variant": "fp8_block", "dtype": "fp8", "shape": {"M": )" +
           t + R"(, "N": 2112, "K": 7168}})" + more + "]}";
}

}  // namespace

TEST_CASE("a layer's kernels find in L2 what the one before left there") {
    Case c;
    read_layer(Text(layer(1024)).at(), h200(), c);
    CHECK(c.family == "layer");
    CHECK(c.variant == "forward");
    REQUIRE(c.launches.size() == 3);
    CHECK(c.graph_gaps == 3);
    CHECK(std::get<StreamDesc>(c.launches[0].kernel).reads.front().l2_resident == 0.0);
    CHECK(std::get<StreamDesc>(c.launches[1].kernel).reads.front().l2_resident == 1.0);  // 14.7 MB of BF16
    const auto& product = std::get<GemmDesc>(c.launches[2].kernel);
    CHECK(product.a.l2_resident + product.b.l2_resident == 1.0);  // the activations, not the weights
    Case large;
    read_layer(Text(layer(16384)).at(), h200(), large);
    CHECK(std::get<StreamDesc>(large.launches[1].kernel).reads.front().l2_resident == 0.0);  // 235 MB
}

TEST_CASE("an op outside the model names its place; broken layers the member") {
    Case c;
    CHECK_THROWS_WITH(read_layer(Text(layer(1024, R"(, {"family": "fft", "dtype": "", "shape": {}})")).at(), h200(), c),
                      Catch::Contains("/ops/3"));
    CHECK_THROWS_AS(
        read_layer(Text(R"({"part": "forward", "tokens": 1, "us": 1, "sm_mhz": 1500, "ops": []})").at(), h200(), c),
        ConfigError);
    CHECK_THROWS_AS(
        read_layer(Text(R"({"part": "forward", "tokens": 1, "us": -1, "sm_mhz": 1500, "ops": []})").at(), h200(), c),
        ConfigError);
}
