#include "sim/cli/proposal_cards.hpp"
#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

using namespace tessera::cli;

TEST_CASE("cards show the values in use with unit and range") {
    const auto defaults = weighed_proposals({{"fused-cast-tma", {}}});
    REQUIRE(defaults.size() == 1);
    const report::ProposalCard card = proposal_card(defaults.front());
    CHECK(card.slug == "fused-cast-tma");
    REQUIRE_FALSE(card.parameters.empty());
    CHECK(card.parameters[0].name == "throughput");
    CHECK(card.parameters[0].value == "128 B/clk");
    CHECK(card.parameters[0].range == "1 to 1024 B/clk");
    const auto changed = weighed_proposals({{"fused-cast-tma", {{"throughput", "\"64 B/clk\""}}}});
    CHECK(proposal_card(changed.front()).parameters[0].value == "64 B/clk");
}

TEST_CASE("a proposal that does not exist is refused") {
    CHECK_THROWS_AS(weighed_proposals({{"fused-cast", {}}}), ConfigError);
}
