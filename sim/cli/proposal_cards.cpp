#include "sim/cli/proposal_cards.hpp"

#include "sim/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::cli {
namespace {

std::string with_unit(double value, const std::string& unit) {
    if (unit == "bool") { return value != 0 ? "on" : "off"; }
    const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
    const std::string number = whole ? format_fixed(value, 0) : format_shortest(value);
    return unit.empty() ? number : number + " " + unit;
}

}  // namespace

ParameterValues default_values(const Proposal& proposal) {
    ParameterValues values;
    for (const ProposalParameter& p : proposal.parameters()) { values.emplace(p.name, p.value); }
    return values;
}

std::vector<ActiveProposal> weighed_proposals(const std::vector<ProposalChoice>& choices) {
    std::vector<ActiveProposal> out;
    for (const ProposalChoice& choice : choices) {
        std::vector<ProposalChoice> set{choice};  // with what it requires, or it would be refused
        for (std::size_t i = 0; i < set.size(); ++i) {
            const Proposal* p = find_proposal(set[i].slug);
            if (p == nullptr) { continue; }
            for (const std::string& slug : p->required()) {
                const bool there = std::any_of(set.begin(), set.end(), [&](const auto& c) { return c.slug == slug; });
                if (!there) { set.push_back({slug, {}}); }
            }
        }
        for (ActiveProposal& active : select_proposals(set, "")) {
            if (active.proposal->slug() == choice.slug) { out.push_back(std::move(active)); }
        }
    }
    return out;
}

report::ProposalCard proposal_card(const ActiveProposal& active) {
    const Explanation e = explanation(*active.proposal);
    report::ProposalCard card{
        std::string(active.proposal->slug()), e.title, e.source, e.removes, e.adds, e.limits, e.worthless, {}};
    for (const ProposalParameter& p : active.proposal->parameters()) {
        const std::string range =
            p.unit == "bool" ? "on or off" : with_unit(p.minimum, "") + " to " + with_unit(p.maximum, p.unit);
        card.parameters.push_back({p.name, with_unit(active.values.at(p.name), p.unit), range, p.doc, p.provenance});
    }
    return card;
}

}  // namespace tessera::cli
