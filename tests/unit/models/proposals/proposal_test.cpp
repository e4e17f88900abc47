#include "models/proposals/proposal.hpp"

#include <catch2/catch.hpp>

#include "sim/base/error.hpp"

using namespace tessera;

namespace {
class Nameless final : public Proposal {
public:
    std::string_view slug() const override { return "nameless"; }
    std::string_view readme() const override { return "# Nameless\n\nNo answers.\n\nSource: nowhere\n"; }
    GainBound bound(const RunResult&, const SystemConfig&) const override { return {}; }
    AreaParts area(const SystemConfig&, const ParameterValues&) const override { return {}; }
};
}  // namespace

TEST_CASE("every README answers the four questions") {
    for (const Proposal* p : proposal_registry()) {
        INFO(p->slug());
        const Explanation e = explanation(*p);
        for (const std::string* text :
             {&e.title, &e.source, &e.summary, &e.removes, &e.adds, &e.limits, &e.worthless}) {
            CHECK(text->size() > 10);
            CHECK(text->front() != '#');
        }
    }
}

TEST_CASE("a README without its answers is our bug") { CHECK_THROWS_AS(explanation(Nameless{}), InternalError); }
