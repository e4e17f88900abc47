// Measurements of kernels on silicon as cases for the model: what ran (as kernel descriptions: geometry, tile, clock,
// never a time) and what was measured.
#pragma once

#include "sim/app/validation_report.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tessera::measured {

struct Launch {
    KernelDesc kernel;
    int sms = 0;  // SMs it may use; 0: all
};

// What the model answers for a measurement that is no sequence of kernels.
struct Prediction {
    double value = 0;     // in the case's unit
    std::string limiter;  // empty if the model does not say
};

// A latency, a rate, a slow-down of two kernels side by side, a transfer: whatever the device model is asked directly.
// Deterministic, and independent of other probes. ModelError: outside what the model can represent.
using Probe = std::function<Prediction(const SystemConfig& system, Frequency sm_clock)>;

struct Case {
    std::string id;
    std::string family;   // cases that are summed up together
    std::string variant;  // dtype, library, ...
    std::string pointer;  // where in its file
    std::vector<std::pair<std::string, std::int64_t>> shape;
    std::string unit = "us";  // or "GB/s"; with a probe any other: "cycles", "ns", "ratio", ...
    Judged judged = Judged::by_ratio;
    Standing standing = Standing::judged;
    double measured = 0;           // in `unit`
    Frequency clock{};             // mean SM clock while it ran
    std::vector<Launch> launches;  // in order on one stream
    Probe probe;                   // instead of launches
    Time overhead{};               // beside launches and gaps: what the measured time holds as well
    int graph_gaps = 0;   // that it holds: ends of kernels to the first blocks of the next, in a replayed graph
    int stream_gaps = 0;  // the same on a stream
    bool gaps_hold_drain = false;  // the overhead starts where the last block ends, before its stores are visible
    Time at_least{};               // the host launches no faster
    Bytes payload{};               // bytes of a "GB/s" case
    double watts = 0, joules = 0;  // mean power of the board meanwhile, and that of a repetition; 0: not measured
    Time window{};                 // how long it was repeated while it was measured; zero: until the clock settled
    bool net_of_launch = false;    // measured from the first block's start to the last one's end
    std::string problem;           // why there is nothing to predict; empty if there is
};

}  // namespace tessera::measured
