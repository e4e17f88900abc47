// The two pools of a service as queues: prefill units that take prompts in batches, decode units whose running requests
// advance step by step. Times come from outside, as functions of the load.
#pragma once

#include "workloads/serving/requests.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tessera::serving {

// A time by its load: straight lines between points (ascending), beyond the last one the line of the last two, below
// the first one the first one's time. InternalError without points or unless loads ascend.
class Curve {
public:
    explicit Curve(std::vector<std::pair<double, double>> points);
    double at(double load) const;
    double last_load() const { return points_.back().first; }

private:
    std::vector<std::pair<double, double>> points_;
    double start_ = 0;  // at no load
};

// Units that are free take from the front of one queue: as many whole prompts as a batch holds, but one at least. A
// batch takes `time` at its tokens.
struct PrefillPool {
    int units = 1;
    double batch_tokens = 1;         // of a unit
    std::size_t batch_requests = 0;  // at most so many prompts; 0: any number
    Curve time;                      // seconds by tokens of a batch
};
// What is counted: seconds within from..to.
struct Window {
    double from = 0, to = 1e300;
    double overlap(double start, double end) const { return std::max(0.0, std::min(end, to) - std::max(start, from)); }
};
struct PrefillRun {
    std::vector<double> done;  // by request: when its batch ends, which gives its first token
    double busy = 0;           // seconds of the window, summed over units
};
PrefillRun run_prefill(const PrefillPool& pool, const std::vector<Request>& requests, const Window& window = {});

// A request joins the unit with the fewest requests (the first of equals), at the start of that unit's next step; if
// every unit is full it waits, first come first served. Each step gives each of a unit's requests `tokens` tokens and
// takes `step` seconds at their number.
struct DecodePool {
    int units = 1;
    std::int64_t slots = 1;  // requests of a unit
    double tokens = 1;       // of a request and step
    Curve step;              // seconds by requests of a unit
};
struct DecodeRun {
    std::vector<double> done;  // by request: when its last token is there
    double busy = 0;           // seconds of the window in which units run steps, summed
    double held = 0;           // requests x seconds in steps, likewise
};
// `ready` by request: when it may join. A request whose answer is one token is done then.
DecodeRun run_decode(const DecodePool& pool, const std::vector<Request>& requests, const std::vector<double>& ready,
                     const Window& window = {});

}  // namespace tessera::serving
