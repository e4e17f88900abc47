// Proposals as the report and `explain` show them.
#pragma once

#include "models/proposals/selection.hpp"
#include "sim/report/report.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

ParameterValues default_values(const Proposal& proposal);

// The proposals of a comparison with the user's parameters, each taken by itself: they need not fit together.
std::vector<ActiveProposal> weighed_proposals(const std::vector<ProposalChoice>& choices);

// Words of the proposal and its parameters with the values in use.
report::ProposalCard proposal_card(const ActiveProposal& active);

}  // namespace tessera::cli
