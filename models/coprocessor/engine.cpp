#include "models/coprocessor/engine.hpp"

#include "sim/base/error.hpp"

namespace tessera {

EngineParams engine_params(const CoprocessorConfig& config) {
    if (!config.present) { throw ModelError("coprocessor: none is present"); }
    const bool works = config.engines > 0 && config.copy_throughput > Bandwidth::zero() &&
                       config.reduce_throughput > Bandwidth::zero() && config.queue_depth > 0 &&
                       config.layout_rate > 0 && config.start_latency >= Time::zero();
    if (!works) {
        throw ModelError(
            "coprocessor: engines, copy_throughput, reduce_throughput, queue_depth and layout_rate must be positive");
    }
    return {config.engines,     config.copy_throughput, config.reduce_throughput, config.start_latency,
            config.queue_depth, config.multicast,       config.forwarding,        config.layout_rate};
}

Time engine_service(const EngineParams& params, const EngineJob& job) {
    return job.copied / params.copy + job.reduced / params.reduce;
}

Time engines_time(const EngineParams& params, const EngineJob& job, std::int64_t jobs) {
    if (jobs <= 0) { return Time::zero(); }
    const std::int64_t per_engine = (jobs + params.engines - 1) / params.engines;
    const Time service = engine_service(params, job);
    if (service * static_cast<double>(params.queue_depth) >= params.start + service) {
        return params.start + service * static_cast<double>(per_engine);
    }
    // The queue drains before a slot's next job has started: rounds of queue_depth jobs, each a start apart.
    const std::int64_t rounds = (per_engine - 1) / params.queue_depth, rest = (per_engine - 1) % params.queue_depth;
    return (params.start + service) * static_cast<double>(rounds + 1) + service * static_cast<double>(rest);
}

void engine_reset(const EngineParams& params, EngineState& state, Time now) {
    state.engines.assign(static_cast<std::size_t>(params.engines), Server{});
    for (Server& s : state.engines) { s.reset(now); }
    state.queue.assign(static_cast<std::size_t>(params.engines) * static_cast<std::size_t>(params.queue_depth), now);
    state.next = 0;
}

Time engine_post(const EngineParams& params, EngineState& state, EngineStats& stats, const EngineJob& job, Time when) {
    const std::size_t engines = state.engines.size();
    invariant(engines > 0 && state.queue.size() >= engines, "co-processor used before it was reset");
    Time& slot = state.queue[state.next % state.queue.size()];  // the slot whose job was posted longest ago
    Server& engine = state.engines[state.next % engines];
    ++state.next;
    const Time ready = max(when, slot) + params.start;
    slot = engine.serve(ready, engine_service(params, job));
    ++stats.jobs;
    stats.copied += job.copied;
    stats.reduced += job.reduced;
    return slot;
}

}  // namespace tessera
