// Which SMs hold which kernels, for a picture: SMs with the same history are one lane.
#pragma once

#include "sim/result/run_result.hpp"

#include <string>
#include <vector>

namespace tessera::report {

struct SmLane {
    std::string name;                // "SMs 0-111", "SM 131", "SMs 3-5 8"
    std::vector<std::size_t> spans;  // indices into Timeline::spans, in order of start
};

// Spans take the lowest free SMs when they start, those of streams whose kernels are communication (class "comm_...")
// the highest; the result does not say how a GPU numbers its SMs. Kernels beyond the `sms` of the device (recorded
// kernels that shared SMs) take what is free, none if nothing is. Lanes by their first SM.
std::vector<SmLane> sm_lanes(const Timeline& timeline, int sms);

}  // namespace tessera::report
