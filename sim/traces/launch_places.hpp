// In which of the user's named ranges each kernel was launched.
#pragma once

#include "sim/traces/recognise.hpp"

namespace tessera::traces {

// `kernels` and their host launch times (negative: not known; then a range on the device that holds the kernel's start
// counts). The innermost range that holds the launch, first among those of the launching thread, then of any: backward
// passes launch from threads of their own. Ranges of the profiler itself ("ProfilerStep#1") do not count.
std::vector<LaunchPlace> launch_places(const RecordedTrace& trace, const std::vector<RecordedKernel>& kernels,
                                       const std::vector<std::int64_t>& launched,
                                       const std::vector<std::int64_t>& threads);

}  // namespace tessera::traces
