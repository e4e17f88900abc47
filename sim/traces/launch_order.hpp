// Kernels of each stream in the order of their launch, and which of them had ended or was launched by a given time.
// Internal to sim/traces.
#pragma once

#include "sim/traces/recorded_trace.hpp"

#include <map>
#include <vector>

namespace tessera::traces {

class LaunchOrder {
public:
    // Only kernels whose launch is known take part.
    LaunchOrder(const std::vector<RecordedKernel>& kernels, const std::vector<std::int64_t>& launched);

    const std::vector<std::int64_t>& streams() const { return streams_; }  // ascending
    std::int64_t main_stream() const { return main_; }                     // with the most kernels
    // First kernel of `stream` launched after `at`, last one launched before; -1: none.
    int first_after(std::int64_t stream, std::int64_t at) const;
    int last_before(std::int64_t stream, std::int64_t at) const;
    // The last one of those launched before `at` that had ended by `by` (times are whole microseconds in older
    // traces, so one microsecond of overlap still counts); -1: none.
    int last_ended(std::int64_t stream, std::int64_t at, std::int64_t by) const;

private:
    const std::vector<RecordedKernel>& kernels_;
    const std::vector<std::int64_t>& launched_;
    std::vector<std::int64_t> streams_;
    std::map<std::int64_t, std::vector<int>> order_;
    std::int64_t main_ = 0;
};

}  // namespace tessera::traces
