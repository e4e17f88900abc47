#include "sim/report/analysis.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("variants are told apart by their sets") {
    const Comparison c = sample::comparison();
    CHECK(kind_of(c.variants[0]) == VariantKind::alone);
    CHECK(kind_of(c.variants[2]) == VariantKind::all_but_one);  // one proposal left, still an all-but-one
    CHECK(kind_of(c.variants[4]) == VariantKind::all_together);
    REQUIRE(find_alone(c, "warp-cast") == &c.variants[0]);
    REQUIRE(find_without(c, "warp-cast") == &c.variants[2]);
    CHECK(find_alone(c, "wide-accumulate") == nullptr);
    CHECK(fastest(c) == &c.variants[4]);
    REQUIRE(alone_by_gain(c).size() == 2);
    CHECK(alone_by_gain(c).front()->result.id == "group-scaled-mma");
}

TEST_CASE("a proposal that brings along what it requires is still itself alone") {
    Comparison c = sample::comparison();
    c.variants[0].result.proposals = {"group-scaled-mma", "warp-cast"};
    CHECK(kind_of(c.variants[0]) == VariantKind::alone);
    c.variants[0].result.id = "warp-cast+group-scaled-mma";
    CHECK(kind_of(c.variants[0]) == VariantKind::other);
}

TEST_CASE("of two proposals, leaving one out is the other alone") {
    Comparison c = sample::comparison();
    c.variants.erase(c.variants.begin() + 2, c.variants.begin() + 4);
    CHECK(find_without(c, "warp-cast") == find_alone(c, "group-scaled-mma"));
    CHECK(find_without(c, "wide-accumulate") == nullptr);
}

TEST_CASE("a bound of 1.25 on 1 ms allows 200 us") {
    const Comparison c = sample::comparison();
    CHECK(saved(c, c.variants[0]) == microseconds(100));
    CHECK(bound_saving(c, c.variants[0]) == microseconds(200));
}

TEST_CASE("interactions: alone, last and the sum") {
    const Interactions in = interactions(sample::comparison());
    REQUIRE(in.rows.size() == 2);
    CHECK(in.rows[0].slug == "warp-cast");
    CHECK(in.rows[0].alone == microseconds(100));
    CHECK(in.rows[0].last == microseconds(80));   // 800 - 720
    CHECK(in.rows[1].last == microseconds(180));  // 900 - 720
    CHECK(in.sum_alone == microseconds(300));
    CHECK(in.together == microseconds(280));
}

TEST_CASE("the waterfall adds up to the change of the wall time exactly") {
    const Comparison c = sample::comparison();
    for (const VariantOutcome& v : c.variants) {
        for (const std::size_t most : {std::size_t{1}, std::size_t{2}, std::size_t{10}}) {
            Time sum{};
            for (const WaterfallStep& s : waterfall(c.baseline, v.result, most)) { sum += s.delta; }
            CHECK(sum == v.result.time - c.baseline.time);
        }
    }
    const auto steps = waterfall(c.baseline, c.variants[4].result, 1);
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].label == "gemm_fp8_fwd");
    CHECK(steps[0].delta == Time::zero() - microseconds(200));
    CHECK(steps[1].label == "other classes");
}

TEST_CASE("overlap: what both remove, class by class") {
    Comparison c = sample::comparison();
    c.variants[1].removed.push_back(sample::class_row("quant_per_token_cast", 30, 30, 0, 1));
    const Overlap o = overlap_of_removed(c);
    REQUIRE(o.slugs.size() == 2);
    CHECK(o.time[0][1] == microseconds(30));
    CHECK(o.time[1][0] == microseconds(30));
    CHECK(o.time[1][1] == microseconds(230));
}

TEST_CASE("a comparison without variants has nothing to rank") {
    Comparison c = sample::comparison();
    c.variants.clear();
    CHECK(fastest(c) == nullptr);
    CHECK(interactions(c).rows.empty());
    CHECK(overlap_of_removed(c).slugs.empty());
}
