// A recorded trace as a workload: streams, dependencies, SM partition, roles, shapes and tensors.
#pragma once

#include "sim/traces/recorded_trace.hpp"
#include "sim/traces/rules.hpp"
#include "sim/traces/workload.hpp"

namespace tessera::traces {

// Kernels of the device with the most of them (the others are noted). Streams that communication kernels run on
// communicate; link_sms is the most blocks that such a kernel has, as far as they are no more than 64. ModelError: more
// than 512 streams, or more than half an hour of kernels and gaps.
ImportedWorkload import_trace(const RecordedTrace& trace, const std::vector<RuleFile>& rules);

}  // namespace tessera::traces
