// Timelines for ui.perfetto.dev and chrome://tracing.
#pragma once

#include "sim/result/run_result.hpp"

#include <string>

namespace tessera::report {

// Chrome trace event format (JSON object form): one process for the run, one thread per stream, one complete
// event per kernel (microseconds) with class, limiter, wait, SMs and bytes as arguments, and counter tracks
// of HBM traffic (GB/s) and dynamic power (W) averaged over each kernel.
std::string perfetto_json(const RunResult& run);

}  // namespace tessera::report
