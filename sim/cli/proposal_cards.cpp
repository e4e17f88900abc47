#include "sim/cli/proposal_cards.hpp"

#include "sim/base/text.hpp"

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
