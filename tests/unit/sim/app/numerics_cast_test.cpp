#include "sim/app/numerics_cast.hpp"

#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;

TEST_CASE("smaller groups and more fraction bits lose less; scales take storage") {
    CastExperiment e;
    e.rows = 128;
    e.k = 1024;
    e.data = numerics::Distribution::outlier;
    const CastOutcome wide = run_cast(e);
    CHECK(wide.bits_per_value == 8 + 32.0 / 128);
    e.group = "1x32";
    e.scale = numerics::ScaleFormat::ue8m0;
    const CastOutcome narrow = run_cast(e);
    CHECK(narrow.bits_per_value == 8 + 8.0 / 32);
    CHECK(narrow.flushed < wide.flushed);
    e.format = numerics::Format::e5m6;
    CHECK(run_cast(e).relative_frobenius < narrow.relative_frobenius / 4);
    e.group = "7x7";
    CHECK_THROWS_AS(run_cast(e), ConfigError);
}

TEST_CASE("stochastic rounding trades a larger error for no bias; truncation has both") {
    CastExperiment e;
    e.rows = 128;
    e.k = 1024;
    e.data = numerics::Distribution::same_sign;
    const CastOutcome nearest = run_cast(e);
    e.rounding = numerics::Rounding::stochastic;
    const CastOutcome stochastic = run_cast(e);
    e.rounding = numerics::Rounding::toward_zero;
    const CastOutcome zero = run_cast(e);
    CHECK(stochastic.relative_frobenius > nearest.relative_frobenius);
    CHECK(std::fabs(stochastic.mean_signed) < 0.001);
    CHECK(zero.mean_signed < -0.01);
}

TEST_CASE("a dot product step by step") {
    const std::vector<float> ones(96, 1.0F), large(96, 256.0F);
    const numerics::MmaSpec hopper = numerics::mma_spec("hopper", numerics::Format::e4m3);
    const DotOutcome d = run_dot(hopper, numerics::Format::e4m3, ones, large, 0);
    REQUIRE(d.steps.size() == 3);
    CHECK(d.steps[1].k == 64);
    CHECK(d.steps[1].sum == 64 * 256);
    CHECK(d.result == 96 * 256);
    CHECK(d.magnitudes == 96 * 256);
    // 16384 and ones: lost without promotion.
    std::vector<float> x(64, 256.0F);
    x.insert(x.end(), 32, 0.0F);
    x[64] = 1;
    const std::vector<float> y(96, 1.0F);
    CHECK(run_dot(hopper, numerics::Format::e4m3, x, y, 0).result == 16384);
    CHECK(run_dot(hopper, numerics::Format::e4m3, x, y, 64).result == 16385);
    CHECK(run_dot(numerics::mma_spec("exact", numerics::Format::e4m3), numerics::Format::e4m3, x, y, 0).result ==
          16385);
    CHECK_THROWS_AS(run_dot(hopper, numerics::Format::e4m3, x, ones, 48), ConfigError);
    CHECK_THROWS_AS(run_dot(hopper, numerics::Format::e4m3, x, std::vector<float>(64, 1.0F), 0), ConfigError);
    CHECK_THROWS_AS(run_dot(hopper, numerics::Format::e4m3, {}, {}, 0), ConfigError);
    CHECK_THROWS_AS(
        run_dot(hopper, numerics::Format::e4m3, std::vector<float>(40, 1.0F), std::vector<float>(40, 1.0F), 0),
        ConfigError);
}

TEST_CASE("numbers from files") {
    const testing::TemporaryFolder folder;
    CHECK(read_numbers(folder.write("a.json", "[1, -2.5]")) == std::vector<float>{1, -2.5F});
    CHECK_THROWS_AS(read_numbers(folder.write("b.json", "{}")), ConfigError);
    CHECK_THROWS_AS(read_numbers(folder.write("c.json", "[1, \"2\"]")), ConfigError);
    CHECK_THROWS_AS(read_numbers(folder.write("d.json", "[1e300]")), ConfigError);
    CHECK_THROWS_AS(read_numbers(folder.path() + "/none.json"), ConfigError);
}
