// Timelines for ui.perfetto.dev and chrome://tracing.
#pragma once

#include "sim/result/run_result.hpp"

#include <string>

namespace tessera::report {

struct PerfettoOptions {
    const Timeline* recorded = nullptr;  // of an imported workload: a process of its own beside the simulated one
    int sms = 0;                         // of the device; 0: SMs and engines are not drawn
};

// Chrome trace event format (JSON object form). Process "rank 0, <run>": one thread per stream with a complete event
// per kernel (microseconds; class, limiter, wait, SMs and bytes as arguments), and counters of HBM traffic and of each
// link's traffic (GB/s), dynamic power (W), all averaged over each kernel, and the SM clock (MHz). Process "SMs and
// engines": which SMs (sm_lanes.hpp) and which engines beside them (copy engines, communication without SMs) each
// kernel holds. Process "recorded": the streams as they were recorded.
std::string perfetto_json(const RunResult& run, const PerfettoOptions& options = {});

}  // namespace tessera::report
