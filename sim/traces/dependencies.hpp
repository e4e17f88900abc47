// What orders kernels of different streams, found in a recorded trace.
//
// Three sources, the first that a trace has:
// 1. Waits that the profiler wrote with streams and event (StreamWait): a stream's next kernel waits for the last one
//    launched on the other stream before the event was recorded.
// 2. Host calls of cudaStreamWaitEvent without arguments (older profilers). Which stream waits follows from what the
// host
//    launches next: of waits without a launch between them the last is the next launched stream's, the one before it
//    the stream's launched after that. A wait amid launches of one stream forks to the stream launched next if that is
//    a side stream that no wait has let go on since its last kernel. The stream waited for is the other one whose
//    kernel was launched last, unless that is waited for already; its kernel is the last one launched before the wait
//    that had ended when the waiting kernel started. Guesses, but every one agrees with the recorded times.
// 3. No host calls at all: times. A kernel that started within 10 us of the end of another stream's kernel, after its
// own
//    stream had been idle for longer than that, waited for it.
// Order on one stream is not listed.
#pragma once

#include "sim/traces/recorded_trace.hpp"

#include <string>
#include <vector>

namespace tessera::traces {

struct Dependencies {
    std::vector<std::vector<int>> after;  // by kernel: kernels of other streams, ascending; each is an earlier one
    std::string source;                   // "recorded waits", "host calls", "times", "one stream"
    int waits = 0, unused = 0;            // host or device waits; those that order nothing within the trace
};

// `kernels` sorted by start; `launched[i]`: host time of kernel i's launch, or a negative number if it is not known.
Dependencies find_dependencies(const RecordedTrace& trace, const std::vector<RecordedKernel>& kernels,
                               const std::vector<std::int64_t>& launched);

}  // namespace tessera::traces
