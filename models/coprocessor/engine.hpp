// Communication co-processor: a few engines that copy, reduce and lay out rows without SMs. An engine takes jobs from
// a queue; the start of a job overlaps with others in the queue, its bytes do not.
#pragma once

#include "models/if/server.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

struct EngineParams {
    int engines = 0;
    Bandwidth copy{};    // per engine
    Bandwidth reduce{};  // per engine, input bytes
    Time start{};        // job posted to first byte
    int queue_depth = 0;
    bool multicast = true;   // one read serves several writes
    bool forwarding = true;  // rows pass between network and NVLink without a copy in memory
    double layout_rate = 1;  // of copies that put rows in order, relative to plain ones
};

// ModelError if no co-processor is present, or it has no engines, throughput or queue.
EngineParams engine_params(const CoprocessorConfig& config);

struct EngineJob {
    Bytes copied{};   // bytes moved as they are
    Bytes reduced{};  // input bytes of reductions
};

// Time of one engine for a job once it is started.
Time engine_service(const EngineParams& params, const EngineJob& job);

// Time that all engines together need for `jobs` like jobs: each engine's bytes one after another, and never more than
// queue_depth starts in flight.
Time engines_time(const EngineParams& params, const EngineJob& job, std::int64_t jobs);

struct EngineState {
    std::vector<Server> engines;
    std::vector<Time> queue;  // ends of the jobs in flight, one slot per queue entry and engine
    std::size_t next = 0;
};
struct EngineStats {
    std::int64_t jobs = 0;
    Bytes copied{}, reduced{};
};
void engine_reset(const EngineParams& params, EngineState& state, Time now);

// Posts a job at `when` to the engines in turn; returns its end. A full queue delays the start.
Time engine_post(const EngineParams& params, EngineState& state, EngineStats& stats, const EngineJob& job, Time when);

}  // namespace tessera
