#include <catch2/catch.hpp>
#include <set>

#include "models/proposals/proposal.hpp"
#include "sim/base/error.hpp"

using namespace tessera;

TEST_CASE("all eight proposals are registered under distinct slugs") {
    std::set<std::string_view> slugs;
    for (const Proposal* p : proposal_registry()) {
        slugs.insert(p->slug());
        CHECK(find_proposal(p->slug()) == p);
    }
    CHECK(slugs.size() == 8);
    CHECK(find_proposal("perpetuum-mobile") == nullptr);
}

TEST_CASE("a slug is registered once") {
    struct Same final : Proposal {
        std::string_view slug() const override { return "warp-cast"; }
        std::string_view readme() const override { return ""; }
        GainBound bound(const RunResult&, const SystemConfig&) const override { return {}; }
    };
    CHECK_THROWS_AS(add_proposal(std::make_unique<Same>()), InternalError);
    CHECK(proposal_registry().size() == 8);
}

TEST_CASE("every parameter has a default in range, a meaning and a provenance") {
    for (const Proposal* p : proposal_registry()) {
        INFO(p->slug());
        for (const ProposalParameter& parameter : p->parameters()) {
            INFO(parameter.name);
            CHECK(parameter.minimum <= parameter.value);
            CHECK(parameter.value <= parameter.maximum);
            CHECK_FALSE(parameter.doc.empty());
            CHECK_FALSE(parameter.provenance.empty());
        }
    }
}
