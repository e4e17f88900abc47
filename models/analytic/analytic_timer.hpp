// Closed-form KernelTimer: a roofline with launch latency and wave quantisation. It charges only what no machine of
// the given configuration can avoid, so it is a lower bound of the simulated time (property tests hold the device
// to it) and the first stage of a sweep.
//
//   time = kernel_latency + max(roofs, first-byte latency) + drain
//
// Roofs, each at its peak rate (no efficiency, no conflict, no queue):
//   tensor     2 m n k (or the attention's operations) over 2 MAC/clk x SMs x clock; with a given tiling the SM with
//              the most full tiles decides
//   cuda_core  issue slots of a stream kernel over its pipes, the SM with the most full tiles decides
//   hbm        bytes that must cross the pins: reads that L2 does not hold (near-memory casts shrink them), and
//              writes beyond what L2 can keep
//   l2         bytes between SMs and L2: slices' read and write bandwidth, the ports of the SMs used
// Energy stays zero: it needs the traffic of a simulated run.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_timer.hpp"

#include <utility>
#include <vector>

namespace tessera {

// One roof of the roofline.
struct Roof {
    Limiter limiter = Limiter::none;
    Time time{};
};

// All roofs of a kernel on `sms` SMs at `clock`, in the order tensor, cuda_core, hbm, l2. Times of kernels that do
// not touch a resource are zero.
std::vector<Roof> roofline(const KernelDesc& kernel, const SystemConfig& system, int sms, Frequency clock);

class AnalyticTimer final : public KernelTimer {
public:
    explicit AnalyticTimer(SystemConfig system) : system_(std::move(system)) {}

    // RecordedDesc gives its recorded duration. Throws ModelError for exchanges and barriers (a Fabric times them)
    // and for kernels that validate() refuses.
    KernelResult time(const KernelDesc& kernel, const KernelContext& context) override;

private:
    SystemConfig system_;
};

}  // namespace tessera
