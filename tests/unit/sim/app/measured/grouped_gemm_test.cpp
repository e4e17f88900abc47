#include "sim/app/measured/grouped_gemm.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

GemmDesc product(const std::string& members) {
    const auto launches = grouped_gemm_launches(Text(members).at());
    REQUIRE(launches.size() == 2);  // sizes and addresses of the groups first
    for (const Launch& l : launches) { CHECK_NOTHROW(validate(l.kernel)); }
    return std::get<GemmDesc>(launches.back().kernel);
}

}  // namespace

TEST_CASE("rows are dealt out to the groups, the tile follows their size") {
    const GemmDesc g = product(R"({"dtype": "fp8", "shape": {"G": 3, "M": 1000, "N": 512, "K": 256}})");
    CHECK(std::accumulate(g.group_sizes.begin(), g.group_sizes.end(), std::int64_t{0}) == 1000);
    CHECK(g.b.rows == 3 * 512);
    CHECK(g.tiling->bn == 256);
    const GemmDesc small = product(R"({"dtype": "bf16", "shape": {"G": 8, "M": 512, "N": 512, "K": 256}})");
    CHECK(small.tiling->bm == 64);
    CHECK(small.tiling->consumers == ConsumerStyle::pingpong);
}

TEST_CASE("rows that the groups do not divide evenly come from uneven groups") {
    const GemmDesc g = product(R"({"dtype": "bf16", "shape": {"G": 8, "M": 4100, "N": 4096, "K": 7168}})");
    const auto [least, most] = std::minmax_element(g.group_sizes.begin(), g.group_sizes.end());
    CHECK(g.group_sizes.size() == 8);
    CHECK(std::accumulate(g.group_sizes.begin(), g.group_sizes.end(), std::int64_t{0}) == 4100);
    // The outer of eight lognormal quantiles: exp(0.8 x 2 x 1.534) apart.
    CHECK(static_cast<double>(*most) / static_cast<double>(*least) == Approx(11.64).epsilon(0.1));
}

TEST_CASE("listed sizes win; sizes that do not add up are impossible") {
    const std::string shape = R"("dtype": "fp8", "shape": {"G": 2, "M": 300, "N": 512, "K": 256})";
    CHECK(product("{" + shape + R"(, "sizes": [100, 200]})").group_sizes == std::vector<std::int64_t>{100, 200});
    const auto odd = grouped_gemm_launches(Text("{" + shape + R"(, "sizes": [100, 100]})").at());
    CHECK_THROWS_AS(validate(odd.back().kernel), ModelError);
    CHECK_THROWS_AS(grouped_gemm_launches(Text("{" + shape + R"(, "sizes": [-1, 301]})").at()), ConfigError);
    CHECK_THROWS_AS(
        grouped_gemm_launches(Text(R"({"dtype": "fp4", "shape": {"G": 2, "M": 300, "N": 8, "K": 8}})").at()),
        ModelError);
}

TEST_CASE("FP8 groups take CUTLASS's clusters of four and its grid") {
    const auto launches =
        grouped_gemm_launches(Text(R"({"dtype": "fp8", "shape": {"G": 2, "M": 1024, "N": 4096, "K": 2048}})").at());
    const GemmTiling t = *std::get<GemmDesc>(launches.back().kernel).tiling;
    CHECK(t.bm == 256);
    CHECK(t.bn == 128);
    CHECK(t.cluster * t.cluster_across == 4);
    CHECK(launches.back().sms == 7 * 16 + 4);  // seven GPCs of 18 SMs, and 6 SMs
    const GemmDesc slow =
        product(R"({"dtype": "fp8", "fast_accum": false, "shape": {"G": 2, "M": 1024, "N": 4096, "K": 2048}})");
    CHECK(slow.tiling->bm == 128);
    CHECK(slow.promotion_interval == 128);
}
