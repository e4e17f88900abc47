#include "sim/app/variants.hpp"

#include "models/proposals/proposal.hpp"
#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {
std::vector<std::string> ids(const CompareConfig& c) {
    std::vector<std::string> list;
    for (const Variant& v : variants_of(c, "test")) { list.push_back(v.id); }
    return list;
}
}  // namespace

TEST_CASE("with nothing chosen every registered proposal is weighed three ways") {
    const std::size_t n = proposal_registry().size();
    CHECK(ids({}).size() == 2 * n + 1);
}

TEST_CASE("variants that come out alike are made once") {
    CompareConfig c;
    c.proposals = {{"warp-cast", {}}, {"fused-cast-tma", {}}};
    CHECK(ids(c) == std::vector<std::string>{"warp-cast", "fused-cast-tma", "all"});
    c.proposals = {{"warp-cast", {}}};
    CHECK(ids(c) == std::vector<std::string>{"warp-cast"});
}

TEST_CASE("switches leave kinds of variants out and combinations add some") {
    CompareConfig c;
    c.proposals = {{"warp-cast", {{"elements_per_clk", "64"}}}, {"fused-cast-tma", {}}, {"transposed-gemm", {}}};
    c.each_alone = c.all_but_one = false;
    c.combinations = {"transposed-gemm+warp-cast"};
    const std::vector<Variant> v = variants_of(c, "test");
    REQUIRE(v.size() == 2);
    CHECK(v[0].id == "all");
    CHECK(v[1].proposals.at(0).slug == "transposed-gemm");
    CHECK(v[1].proposals.at(1).parameters.at("elements_per_clk") == "64");
    c.combinations = {"transposed-gemm+wrap-cast"};
    CHECK_THROWS_AS(variants_of(c, "test"), ConfigError);
}
