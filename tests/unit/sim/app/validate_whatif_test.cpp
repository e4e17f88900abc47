#include "sim/app/validate_whatif.hpp"

#include "tests/support/systems.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

using namespace tessera;
using tessera::testing::h200;

namespace {

measured::Case gemm(const std::string& variant, std::int64_t carve = -1) {
    measured::Case c;
    c.family = "gemm";
    c.variant = variant;
    c.shape = {{"M", 256}, {"N", 512}, {"K", 1024}};
    if (carve >= 0) { c.shape.emplace_back("carve", carve); }
    return c;
}

ValidationCase judged(double measured, double predicted) {
    ValidationCase v;
    v.measured = measured;
    v.predicted = predicted;
    return v;
}

}  // namespace

TEST_CASE("pairs are the same shape with one switch changed") {
    const auto pairs = whatif_pairs({gemm("fp8_tensor_fast"), gemm("fp8_block"), gemm("bf16_tn"), gemm("bf16_nt"),
                                     gemm("fp8_block", 20), gemm("fp8_row", 20)});
    REQUIRE(pairs.size() == 3);
    CHECK(pairs[0].family == "promotion");
    CHECK(pairs[0].over == std::vector<std::size_t>{1});
    CHECK(pairs[0].under == std::vector<std::size_t>{0});
    CHECK(pairs[1].family == "transposed operands");
    CHECK(pairs[2].family == "fewer SMs");
    CHECK(pairs[2].under == std::vector<std::size_t>{1});
}

TEST_CASE("ratios of sums; a pair of which one side is not covered is not") {
    ValidationCase uncovered = judged(1, 0);
    uncovered.covered = false;
    uncovered.reason = "unknown";
    const std::vector<ValidationCase> cases = {judged(6, 6), judged(1, 2), judged(2, 2), uncovered};
    const auto v = judge_pairs({{"f", "a", "f: a", {0}, {1, 2}}, {"f", "b", "f: b", {0}, {3}}}, cases);
    CHECK(v[0].unit == "ratio");
    CHECK(v[0].measured == Approx(2));
    CHECK(v[0].predicted == Approx(1.5));
    CHECK(v[0].error() == Approx(-0.25));
    CHECK_FALSE(v[1].covered);
    CHECK(v[1].reason == "unknown");
}

TEST_CASE("the H200 sets hold pairs of every switch") {
    std::vector<measured::Case> all;
    for (const std::string& set : h200_sets()) {
        const auto own = h200_cases(set, h200());
        all.insert(all.end(), own.begin(), own.end());
    }
    std::map<std::string, int> families;
    for (const WhatifPair& p : whatif_pairs(all)) { ++families[p.family]; }
    for (const char* family :
         {"promotion", "transposed operands", "fewer SMs", "fused transposition", "narrower input", "warm L2"}) {
        INFO(family);
        CHECK(families[family] > 0);
    }
}
