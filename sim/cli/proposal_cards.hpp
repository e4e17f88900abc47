// Proposals as the report and `explain` show them.
#pragma once

#include "models/proposals/selection.hpp"
#include "sim/report/report.hpp"

#include <string>

namespace tessera::cli {

ParameterValues default_values(const Proposal& proposal);

// Words of the proposal and its parameters with the values in use.
report::ProposalCard proposal_card(const ActiveProposal& active);

}  // namespace tessera::cli
