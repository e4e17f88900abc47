// Which recorded kernel reads what another wrote. Traces do not say; the shapes of recognised kernels let it be
// inferred.
#pragma once

#include "sim/traces/workload.hpp"

namespace tessera::traces {

// Names the tensors of every recognised task. An operand is the newest tensor of its type and extents (or those turned)
// that was written in the same iteration by a task ordered before, and that the task does not read already; operand B
// of a GEMM only takes what a transpose wrote, as weights are not made beside it. Everything else is an input of its
// own.
void link_tensors(ImportedWorkload& w);

}  // namespace tessera::traces
