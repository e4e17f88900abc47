// A service on top of prefill and decode: requests queue for a pool of prefill units, hand their caches over, and run
// in a pool of decode units. A steady-state queueing view, not a clone of an engine: no scheduling beyond first come
// first served, no preemption, no chunked prefill, answers' lengths known only to the queue.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

namespace tessera {

// Both inner runs are simulated on config.system with config.proposals at several loads (half and all of a prefill
// batch; a quarter, half and all of decode's requests); times in between lie on straight lines. A prefill batch holds
// as many tokens as its run has on all ranks; a decode unit as many requests. A cache travels from prefill to decode at
// the rate of the NIC. RunResult::time is the mean time from a request's arrival to its last token; figures:
// percentiles of the time to first token and per output token, tokens per second of a node of each pool, how busy the
// pools are. ModelError: offered load that a pool cannot carry (overload), and what the inner runs refuse. ConfigError:
// runs that do not exist or are of another kind.
RunResult simulate_serving(const RunConfig& config, TimerPool& timers);

}  // namespace tessera
