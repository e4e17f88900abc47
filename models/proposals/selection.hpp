// From the user's choice of proposals (slugs and parameter texts) to checked, typed values, and their application.
#pragma once

#include <string>
#include <vector>

#include "models/proposals/proposal.hpp"
#include "sim/config/run_config.hpp"

namespace tessera {

struct ActiveProposal {
    const Proposal* proposal = nullptr;
    ParameterValues values;
};

// Registry order whatever the user's order. Throws ConfigError with every problem at once: unknown slug or
// parameter (with a suggestion), wrong unit, value out of range, a duplicate, a conflict, a missing requirement.
std::vector<ActiveProposal> select_proposals(const std::vector<ProposalChoice>& choices, const std::string& file);

// Runs every configure hook on a copy of `system`.
SystemConfig configured(const SystemConfig& system, const std::vector<ActiveProposal>& active);

// The silicon of all together, part by part.
AreaParts area_of(const SystemConfig& system, const std::vector<ActiveProposal>& active);

// The rewrites of all active proposals, in order.
PassList proposal_passes(const std::vector<ActiveProposal>& active);

}  // namespace tessera
